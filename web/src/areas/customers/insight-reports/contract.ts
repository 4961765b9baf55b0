// The values of the closed words of monthly reports, in the order in which they stand.
import type { ReportPart } from '@/api/schema';

export const PARTS: ReportPart[] = ['customers', 'tiers', 'rfm', 'repeat', 'scores', 'needs', 'segments', 'insights', 'quality'];
