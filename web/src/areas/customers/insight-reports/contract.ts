// The shapes that the operations on monthly reports answer with, named as the server names them.

export type ReportPart = 'customers' | 'tiers' | 'rfm' | 'repeat' | 'scores' | 'needs' | 'segments' | 'insights' | 'quality';
export type FigureUnit = 'count' | 'percent' | 'minor' | 'times';
export type ReportUse = 'used' | 'not_used';

/** Figure (指标值) of a report, beside that of the month before. */
export interface ReportFigure {
  code: string;
  part: ReportPart;
  /** What it is about where there are several, such as a segment's id. */
  key?: string | null;
  name?: string | null;
  title: string;
  definition: string;
  unit: FigureUnit;
  value?: number | null;
  before?: number | null;
  change?: number | null;
}

/** Recipient (收件部门) of a report, with its answer. */
export interface ReportRecipient {
  department_id: string;
  due_at: string;
  answer?: ReportUse | null;
  note?: string | null;
  answered_at?: string | null;
  answered_by?: string | null;
  overdue: boolean;
}

/** Report (客户洞察月报) of a month. */
export interface InsightReport {
  id: string;
  month: string;
  month_from: string;
  month_until: string;
  written_at: string;
  written_by?: string | null;
  currency: string;
  recipients: number;
  answered: number;
}

/** Report with its figures (客户洞察月报正文). */
export interface InsightReportDetail extends InsightReport {
  before_id?: string | null;
  figures: ReportFigure[];
  departments: ReportRecipient[];
}

export interface AnswerReport {
  department_id: string;
  answer: ReportUse;
  note: string;
}

export const PARTS: ReportPart[] = ['customers', 'tiers', 'rfm', 'repeat', 'scores', 'needs', 'segments', 'insights', 'quality'];
