// The values of the closed words of personas, in the order of the lists.
import type { PersonaFeature } from '@/api/schema';

/** What people do, what they are expected to do, who they are: the groups in which features are offered. */
export const FEATURES: { group: 'buys' | 'predicted' | 'is'; features: PersonaFeature[] }[] = [
  { group: 'buys', features: ['recency_days', 'order_count', 'order_value', 'total', 'department'] },
  { group: 'predicted', features: ['p_alive', 'expected_value'] },
  { group: 'is', features: ['age_band', 'income_band', 'household_size', 'children', 'homeowner', 'married', 'city', 'language', 'source', 'tier', 'days_known'] },
];
export const FEATURES_MAX = 12;
export const GROUPS_MIN = 2;
export const GROUPS_MAX = 12;
