// The visits that dev/shoot.mjs makes: a path, and what is done there before the picture is taken.
export const pages = {
  login: { path: '/login', out: true },
  'login-refused': {
    path: '/login',
    out: true,
    act: async (page) => {
      await page.fill('input[type=email]', 'a@example.invalid');
      await page.fill('input[type=password]', 'wrong');
      await page.keyboard.press('Enter');
    },
  },
  'login-code': {
    path: '/login',
    out: true,
    act: async (page) => {
      await page.fill('input[type=email]', 'a@example.invalid');
      await page.fill('input[type=password]', 'totp');
      await page.keyboard.press('Enter');
      await page.waitForSelector('input[autocomplete=one-time-code]');
    },
  },
  reset: { path: '/reset', out: true },
  welcome: { path: '/welcome/abc', out: true },
  home: { path: '/', full: true },
  'home-reject': { path: '/', act: (page) => page.locator('.task-acts button').nth(1).click() },
  palette: { path: '/', act: (page) => page.keyboard.press('Control+k') },
  account: { path: '/account', full: true },
  totp: { path: '/account', full: true, act: (page) => page.locator('#totp').locator('xpath=../..').locator('button').click() },
  users: { path: '/system/users' },
  'users-peek': { path: '/system/users?peek=u6&state=active' },
  'users-new': { path: '/system/users?new=1' },
  user: { path: '/system/users/u4' },
  roles: { path: '/system/roles' },
  audit: { path: '/system/audit' },
  'audit-peek': { path: '/system/audit?peek=a0' },
  'audit-fail': { path: '/system/audit?q=fail' },
  departments: { path: '/people/departments' },
  positions: { path: '/people/positions' },
  gone: { path: '/nowhere' },
};
