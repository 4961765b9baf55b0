// The values of the closed words of the plan, in the order of the lists.
import type { CoverageCell, PlannedEvent, PlannedEventHistory, PlannedProperty, PlanViolation } from '@/api/schema';

export type PlannedKind = PlannedEvent['kind'];
export type PlannedState = PlannedEvent['state'];
export type Extra = PlannedEvent['extra'];
export type PropertyKind = PlannedProperty['kind'];
export type BreachReason = PlanViolation['reason'];
export type DataKind = CoverageCell['data'];
export type CoverageState = CoverageCell['state'];
export type Definition = PlannedEventHistory['versions'][number]['definition'];
export type Version = PlannedEventHistory['versions'][number];

export const PLANNED_KINDS: PlannedKind[] = ['track', 'page', 'screen', 'identify'];
export const PLANNED_STATES: PlannedState[] = ['draft', 'live', 'retired'];
export const PROPERTY_KINDS: PropertyKind[] = ['text', 'number', 'integer', 'boolean', 'time', 'list', 'object'];
export const COVERAGE_STATES: CoverageState[] = ['live', 'delayed', 'missing', 'unexpected', 'none'];
