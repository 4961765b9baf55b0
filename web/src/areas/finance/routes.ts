import type { Area } from '@/frame/area';

/** Budgets (预算): they stand among the plans. */
export const finance: Pick<Area, 'worksIn' | 'pages' | 'routes'> = {
  worksIn: ['governance.budget.write', 'governance.budget.check', 'governance.budget.approve'],
  pages: [
    { id: 'budgets', path: '/finance/budgets', needs: 'governance.budget.read' },
    { id: 'adjustments', path: '/finance/adjustments', needs: 'governance.budget.read' },
    { id: 'budget_reports', path: '/finance/reports', needs: 'governance.budget.read' },
    { id: 'money_decisions', path: '/finance/decisions', needs: 'governance.budget.read' },
  ],
  routes: [
    { path: '/finance/budgets', lazy: async () => ({ Component: (await import('./budgets')).Budgets }) },
    { path: '/finance/budgets/:id', lazy: async () => ({ Component: (await import('./budget')).BudgetPage }) },
    { path: '/finance/adjustments', lazy: async () => ({ Component: (await import('./adjustments')).Adjustments }) },
    { path: '/finance/adjustments/:id', lazy: async () => ({ Component: (await import('./adjustment')).AdjustmentPage }) },
    { path: '/finance/reports', lazy: async () => ({ Component: (await import('./reports')).Reports }) },
    { path: '/finance/reports/:id', lazy: async () => ({ Component: (await import('./report')).ReportPage }) },
    { path: '/finance/decisions', lazy: async () => ({ Component: (await import('./decisions')).Decisions }) },
  ],
};
