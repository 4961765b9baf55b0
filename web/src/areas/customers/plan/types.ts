// The shapes that the operations on the tracking plan answer with, and what the plan adds to sources and the quarantine.
import type { Fault as PlainFault, NewSource as PlainNewSource, QuarantinedEvent as PlainQuarantinedEvent, Source as PlainSource } from '@/api/schema';

/** A property of a planned event (事件属性). */
export interface PlannedProperty {
  name: string;
  kind: 'text' | 'number' | 'integer' | 'boolean' | 'time' | 'list' | 'object';
  required?: boolean;
  /** The only values that it may have; empty: any of its kind. */
  choices?: string[];
  /** Whoever may not see personal fields sees it hidden. */
  personal?: boolean;
  description?: string;
}

/** What an event has to look like (计划事件). */
export interface PlannedEvent {
  id: string;
  kind: 'track' | 'page' | 'screen' | 'identify';
  /** Only track events have one. */
  name?: string | null;
  description: string;
  state: 'draft' | 'live' | 'retired';
  properties: PlannedProperty[];
  /** What becomes of events with properties that are not planned. */
  extra: 'allow' | 'quarantine';
  /** Empty: every source. */
  sources: string[];
  /** Why it was changed last. */
  reason: string;
  updated_at: string;
  updated_by?: string | null;
  version: number;
}

/** A planned event with what it was before. */
export interface PlannedEventDetail extends PlannedEvent {
  /** Newest first. */
  versions: {
    number: number;
    definition: Pick<PlannedEvent, 'description' | 'state' | 'properties' | 'extra' | 'sources'>;
    reason: string;
    created_at: string;
    created_by?: string | null;
  }[];
}

/** Where an event departs from the plan (不符之处). */
export interface PlanViolation {
  field: string;
  reason: 'not_planned' | 'retired' | 'missing' | 'wrong_kind' | 'not_a_choice' | 'extra';
  /** A kind, for values of the wrong one. */
  expected?: string | null;
  found?: string | null;
}

/** An event to be tried, as JSON. */
export interface PlanTry {
  body: string;
}

/** What the plan says about an event that was tried. */
export interface PlanTried {
  /** Set where it could not even be read. */
  fault?: PlainFault | null;
  field?: string | null;
  violations: PlanViolation[];
}

/** Events that arrive and nobody planned (计划外事件). */
export interface UnplannedEvent {
  source_id: string;
  source_name: string;
  /** Absent: all further names of the source together. */
  name?: string | null;
  events: number;
  last_at: string;
}

/** What is wrong how often (违例). */
export interface PlanBreach extends Omit<PlanViolation, 'field'> {
  /** Absent where it is about the whole event. */
  field?: string | null;
  source_id: string;
  source_name: string;
  kind: PlannedEvent['kind'];
  name?: string | null;
  events: number;
  last_at: string;
}

/** What a source brings of one kind of data. */
export interface CoverageCell {
  data: 'traffic' | 'behaviour' | 'sales' | 'identity' | 'social' | 'ads';
  expected: boolean;
  state: 'live' | 'delayed' | 'missing' | 'unexpected' | 'none';
  last_at?: string | null;
  events_7d: number;
}

/** What a source brings and should bring (数据覆盖). */
export interface SourceCoverage {
  source_id: string;
  name: string;
  kind: PlainSource['kind'];
  brand_id?: string | null;
  plan: SourcePlan['plan'];
  cells: CoverageCell[];
}

/** How many events the sender says to have sent on a day. */
export interface NewSourceTotal {
  day: string;
  events: number;
}

/** What the sender said beside what arrived (对账). */
export interface SourceTotal extends NewSourceTotal {
  source_id: string;
  stored: number;
  duplicates: number;
  quarantined: number;
  /** Stored and quarantined less said: below zero some are missing. */
  difference: number;
  said_at: string;
  said_by?: string | null;
}

/** How well a property is filled, in percent. */
export interface QualityOfField {
  field: string;
  kind: PlannedProperty['kind'];
  required: boolean;
  filled: number;
  valid: number;
}

/** How well an event keeps to the plan. */
export interface QualityOfEvent {
  planned_event_id: string;
  kind: PlannedEvent['kind'];
  name?: string | null;
  events: number;
  /** Absent where nothing was checked. */
  score?: number | null;
  fields: QualityOfField[];
}

/** How well a source keeps to the plan (数据质量), over the last seven days. */
export interface SourceQuality {
  source_id: string;
  plan: SourcePlan['plan'];
  events: number;
  unplanned: number;
  score?: number | null;
  names: QualityOfEvent[];
}

interface SourcePlan {
  plan: 'off' | 'observe' | 'enforce';
  /** The kinds of data that it should bring. */
  expected: CoverageCell['data'][];
}

/** The last whole day beside what is usual on that day of the week. */
interface Volume {
  volume: 'usual' | 'low' | 'high' | 'unknown';
  /** Absent before the first whole day. */
  volume_figures?: { day: string; events: number; expected?: number | null } | null;
}

export type NewSource = PlainNewSource & Partial<SourcePlan>;
export type Source = PlainSource & SourcePlan & Volume;
export type Fault = PlainFault | 'plan';
export type QuarantinedEvent = Omit<PlainQuarantinedEvent, 'fault'> & { fault: Fault; detail?: PlanViolation['reason'] | null } & Partial<Pick<PlanViolation, 'expected' | 'found'>>;
