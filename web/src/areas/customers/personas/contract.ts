// The shapes that the operations on personas answer with, and the values of their closed words in the order of the lists.

export type PersonaFeature =
  | 'recency_days'
  | 'order_count'
  | 'order_value'
  | 'total'
  | 'p_alive'
  | 'expected_value'
  | 'household_size'
  | 'children'
  | 'days_known'
  | 'age_band'
  | 'income_band'
  | 'city'
  | 'language'
  | 'source'
  | 'tier'
  | 'homeowner'
  | 'married'
  | 'department';
export type PersonaState = 'waiting' | 'usable' | 'too_little_data';

/** What people do, what they are expected to do, who they are: the groups in which features are offered. */
export const FEATURES: { group: 'buys' | 'predicted' | 'is'; features: PersonaFeature[] }[] = [
  { group: 'buys', features: ['recency_days', 'order_count', 'order_value', 'total', 'department'] },
  { group: 'predicted', features: ['p_alive', 'expected_value'] },
  { group: 'is', features: ['age_band', 'income_band', 'household_size', 'children', 'homeowner', 'married', 'city', 'language', 'source', 'tier', 'days_known'] },
];
export const FEATURES_MAX = 12;
export const GROUPS_MIN = 2;
export const GROUPS_MAX = 12;

/** A number of groups that was tried. */
export interface TriedCount {
  group_count: number;
  silhouette: number;
}

/** What tells a group from everybody (群体特点). */
export interface PersonaTrait {
  feature: PersonaFeature;
  /** Whose share is meant; absent for a number, whose mean is meant. */
  value?: string | null;
  group: number;
  overall: number;
  /** Absent where everybody's is 0. */
  lift?: number | null;
  /** In standard deviations of everybody. */
  distance: number;
}

/** One group (人群画像). */
export interface PersonaGroup {
  id: string;
  number: number;
  name?: string | null;
  size: number;
  share: number;
  /** The most telling first; none in lists. */
  traits: PersonaTrait[];
}

/** One way of grouping people (画像方案). */
export interface PersonaSet {
  id: string;
  name: string;
  features: PersonaFeature[];
  group_count?: number | null;
  brand_id?: string | null;
  department_id?: string | null;
  owner_id?: string | null;
  created_at: string;
  created_by?: string | null;
  archived_at?: string | null;
  version: number;
  state: PersonaState;
  computed_at?: string | null;
  people: number;
  silhouette?: number | null;
  stability?: number | null;
  tried: TriedCount[];
  personas: PersonaGroup[];
}

export interface NewPersonaSet {
  name: string;
  features: PersonaFeature[];
  group_count?: number | null;
  brand_id?: string | null;
  department_id?: string | null;
}

/** A persona that one person belongs to (所属画像). */
export interface PersonaOfProfile {
  set_id: string;
  set_name: string;
  persona_id: string;
  number: number;
  name?: string | null;
}
