// The shapes that the history of a segment answers with, named as the server names them.

/** How many people a segment had (人群规模) at the end of a day, or has today. */
export interface SegmentSize {
  day: string;
  members: number;
}

/** Somebody entered or left a segment (成员变化记录). */
export interface SegmentChange {
  profile_id: string;
  change: 'entered' | 'left';
  at: string;
}

/** History (人群历史) of a segment whose members are kept event by event. */
export interface SegmentHistory {
  segment_id: string;
  /** Up to when its members are kept; absent where they are not kept now. */
  live_until?: string | null;
  /** By days, the latest first; days without a change are left out. */
  sizes: SegmentSize[];
  /** The latest first, of those whom the reader may see; a thousand at most. */
  changes: SegmentChange[];
}
