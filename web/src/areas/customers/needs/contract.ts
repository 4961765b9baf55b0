// The values of the closed words of needs, in the order of the lists.
import type { NeedTrend } from '@/api/schema';

export const TRENDS: NeedTrend[] = ['new', 'rising', 'steady', 'falling'];
