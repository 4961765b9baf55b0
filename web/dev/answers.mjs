// Made-up answers for the fixture server.
const now = Date.now();
const ago = (minutes) => new Date(now - minutes * 60_000).toISOString();
const row = (n, more) => ({ id: `0193-${n}`, version: 1, created_at: ago(90_000 + n * 700), updated_at: ago(n * 50), ...more });

const L = (name) => ({ 'zh-Hans': name, 'zh-Hant': '', en: '' });
const DEPARTMENTS = ['管理层', '市场部', '品牌部', '信息技术部', '销售部', '客服部', '财务部'];
const departments = DEPARTMENTS.map((name, i) =>
  row(i, { id: `d${i}`, code: `dept_${i}`, names: L(name), parent_id: i === 0 ? null : 'd0', head_id: `u${i}`, head_name: ['周文涛', '林悦', '赵敏', '何志远', '孙倩', '郑凯', '钱芳'][i], people: [3, 14, 9, 11, 26, 18, 7][i] }),
).concat(row(9, { id: 'd9', code: 'digital', names: L('数字营销组'), parent_id: 'd1', head_id: 'u1', head_name: '吴珊', people: 5 }));
const NAMES = ['林悦', '吴珊', '赵敏', '何志远', '孙倩', '郑凯', '钱芳', '周文涛', '陈立', '王晓燕', 'Emily Carter', '高翔', '罗静', '马骏', '冯雪', '邓超', '曹颖', '彭宇', '曾伟', '萧蔷'];
const roles = [
  ['marketing', '营销专员', 'internal', 14],
  ['brand', '品牌审核', 'internal', 6],
  ['admin', '系统管理员', 'secret', 2],
  ['sales', '销售', 'personal', 26],
  ['service', '客服', 'personal', 18],
  ['finance', '财务', 'internal', 7],
  ['manager', '管理者', 'secret', 5],
];
const permissions = [
  ['identity.user.read', '查看账号'], ['identity.user.manage', '管理账号'], ['identity.role.read', '查看角色'], ['identity.role.manage', '管理角色'], ['identity.grant.manage', '授予角色'], ['identity.department.read', '查看组织'],
  ['identity.department.manage', '管理组织'], ['brand.content.read', '查看内容'], ['brand.content.write', '编写内容'], ['brand.content.approve', '审核内容'],
  ['customers.profile.read', '查看客户'], ['customers.segment.write', '编辑人群'], ['campaigns.campaign.read', '查看活动'], ['campaigns.campaign.launch', '启动活动'],
  ['rulebook.clause.read', '查看制度'], ['rulebook.parameter.write', '修改制度参数'], ['system.audit.read', '查看审计日志'], ['system.backup.manage', '管理备份'],
  ['insight.query.read', '查看保存的查询'], ['insight.query.run', '用 SQL 查询'], ['insight.query.manage', '保存查询'], ['tabular.export.run', '导出数据'],
].map(([code, name]) => ({ code, name, domain: code.split('.')[0] }));
const users = NAMES.map((name, i) =>
  row(i, {
    id: `u${i}`, name, email: i === 6 ? null : `user${i}@example.invalid`, masked: i === 6 ? ['email'] : undefined,
    state: i === 13 ? 'disabled' : i === 17 ? 'left' : i === 11 ? 'invited' : 'active', department_id: `d${i % 7}`, department_names: L(DEPARTMENTS[i % 7]), position_id: `p${i % 7}`,
    position_names: L(['营销经理', '内容编辑', '品牌经理', '系统工程师', '销售代表', '客服主管', '会计'][i % 7]), manager_name: '周文涛',
    grants: [i % 7, ...(i % 5 === 0 ? [6] : [])].map((r) => ({ id: `g${i}-${r}`, user_id: `u${i}`, role_id: `r${r}`, role_code: roles[r][0], role_names: L(roles[r][1]), scope: r % 2 ? 'department' : 'company', department_id: r % 2 ? 'd1' : null, reason: '入职授权', created_at: ago(9000) })),
    totp_enabled: i % 3 !== 1, last_seen_at: i === 11 ? null : ago(i * i * 37 + 3), leave_at: i === 17 ? ago(4000) : null, idle_flagged_at: i === 15 ? ago(99) : null, last_review_at: ago(70_000),
  }),
);
const tasks = [
  row(1, { kind: 'governance.approve', link: '/', title: '12 月社媒预算调整 · 从 1 月借 ¥30,000', summary: '陈立申请，原因：双十二加投。本月余额 ¥4,200，一月余额 ¥86,000，通过后两月合计不超年度额度。', requested_by: '陈立', due_at: ago(120), overdue: true, subject_type: 'governance.adjustment', subject_id: '1',
    actions: [{ action: 'approve', title: 'approve', method: 'POST', path: '/api/v1/x', primary: true, if_match: 3 }, { action: 'reject', title: 'reject', method: 'POST', path: '/api/v1/x', reason_field: 'reason' }] }),
  row(2, { kind: 'brand.review', link: '/', title: '邮件《冬日暖锅节》第 3 版', summary: '发布前检查：1 处违反《广告法》第九条，2 处提醒。', requested_by: '吴珊', due_at: ago(-240), overdue: false, subject_type: 'brand.content', subject_id: 'c1', actions: [] }),
  row(3, { kind: 'brand.rectify', link: '/', title: '触点偏差：天猫旗舰店首图仍用 2024 版标志', summary: '一致性检查于 09:12 发现，负责人是你，复检通过才会关闭。', requested_by: null, due_at: ago(-1500), overdue: false, subject_type: 'brand.touchpoint', subject_id: 't', actions: [{ action: 'start', title: 'start', method: 'POST', path: '/api/v1/x' }] }),
  row(4, { kind: 'governance.meeting', link: '/', title: '周五项目进度会 · 会议纪要未提交', summary: '品牌触点优化项目，3 条待办未分配。', requested_by: null, due_at: ago(-2900), overdue: false, subject_type: 'brand.content', subject_id: 'm', actions: [] }),
];
const audit = Array.from({ length: 40 }, (_, i) => ({
  id: i + 1, at: ago(i * 43 + 2), actor_kind: i % 9 === 4 ? 'system' : i % 11 === 5 ? 'token' : 'user', actor_id: `u${i % 8}`, actor_name: i % 9 === 4 ? 'sealer' : NAMES[i % 8],
  action: ['update', 'sign_in', 'approve', 'create', 'disable', 'export'][i % 6], noun: ['identity.user', 'identity.session', 'brand.content', 'identity.role', 'identity.user', 'customers.profile'][i % 6],
  noun_id: `0193a2c4-77aa-7${i}`, reason: i % 4 === 0 ? '调岗到数字营销组，按新岗位授权' : null, row_count: i % 6 === 5 ? 240 : 1,
  changes: i % 6 === 5 ? { format: 'csv' } : i % 3 === 0 ? { department: ['市场部', '数字营销组'], state: ['invited', 'active'], version: [3, 4] } : null, request_id: `req-${(987654321 + i * 7919).toString(36)}`,
}));
const counts = { clauses: 406, covered: 62, followed: 48, broken: 6, insufficient: 5, attested: 3, uncovered: 344, stale: 1, overridden: 1 };
const status = { total: counts, documents: [], trend: [], departments: DEPARTMENTS.slice(1).map((title, i) => ({ id: `k${i}`, title, counts: { ...counts, covered: 12 + i, followed: 9 + (i % 4), broken: [2, 0, 0, 1, 3, 0][i] } })) };
const turns = [{ run_id: 'r1', control_id: 'c1', title: '审核在期限内完成', clauses: ['BA-4.2.1'], before: 'followed', after: 'broken', at: ago(900) }, { run_id: 'r2', control_id: 'c2', title: '离职账号当日停用', clauses: ['BA-4.1.3', 'MO-7.2.4'], before: 'followed', after: 'broken', at: ago(3900) }];

let signedIn = true;
const session = (n = 0) => ({
  user: { id: `u${n}`, name: NAMES[n], email: 'linyue@example.invalid', language: null, department_id: 'd1', department_name: L('市场部'), position_name: L('营销经理'), version: 1 },
  clearance: 'secret', totp_enabled: false, device_registered: false, withheld: [], currency: 'CNY',
  permissions: permissions.map((p) => p.code), sample: true, time_zone: 'Asia/Shanghai',
  guest: false, secrecy: { confirmed: true, idle_lock_minutes: 30, reminder_due: false }, unacknowledged: [],
});
const problem = (status, code, detail, more = {}) => ({ status, json: { type: 'about:blank', title: code, status, code, detail, args: {}, request_id: 'req-8f2k1', ...more } });

function page(items, url) {
  const q = url.searchParams.get('q');
  const found = q ? items.filter((item) => JSON.stringify(item).includes(q)) : items;
  const size = Math.min(Number(url.searchParams.get('page_size') ?? 12), 12);
  const from = Number(url.searchParams.get('cursor') ?? 0);
  return { items: found.slice(from, from + size), next_cursor: from + size < found.length ? String(from + size) : null };
}

const column = (name, kind, text, masked = false) => ({ name, kind, text: L(text), masked });
const sqlTables = [
  { name: 'events', text: L('客户行为事件，每个事件一行'), watermark: ago(4), rows: 18_234_567, allowed: true, narrowed: false, columns: [column('happened_at', 'time', '发生时间（UTC）'), column('name', 'text', '事件名称，或页面名称'), column('value', 'number', '金额或数值'), column('user_id', 'text', '来源系统里的用户编号', true)] },
  { name: 'profiles', text: L('客户档案，每位客户一行'), watermark: ago(40), rows: 24_310, allowed: true, narrowed: true, columns: [column('name', 'text', '姓名', true), column('city', 'text', '城市'), column('children', 'integer', '子女数'), column('married', 'boolean', '是否已婚')] },
  { name: 'orders', text: L('订单与退单，每张一行'), watermark: null, rows: null, allowed: true, narrowed: false, columns: [column('total_minor', 'integer', '合计（最小货币单位）'), column('happened_at', 'time', '发生时间（UTC）')] },
  { name: 'consents', text: L('联系同意，每个联系方式、品牌、用途和渠道一行'), watermark: ago(40), rows: 51_200, allowed: false, narrowed: false, columns: [column('state', 'text', '状态')] },
];
const CITIES = ['北京', '上海', '广州', '深圳', '杭州', '成都', '武汉', '南京', '西安', '苏州', '长沙', '青岛'];
const queries = [
  row(1, { id: 'q1', name: '每天的订单数', description: '各城市每天的订单，退单不算', sql: 'SELECT CAST(happened_at AS DATE) AS day, city, COUNT(*) AS orders\nFROM orders\nWHERE happened_at >= $since\nGROUP BY day, city', chart: { kind: 'area', x: 'day', y: ['orders'], series: 'city' }, parameters: [{ name: 'since', label: '起始时间', kind: 'time', default: '2026-11-01T00:00:00Z' }], sharing: 'company', people: [], owner_id: 'u0', archived_at: null }),
  row(2, { id: 'q2', name: '城市客户', description: '', sql: 'SELECT city, COUNT(*) AS people FROM profiles GROUP BY city', chart: { kind: 'bar', x: 'city', y: ['people'], series: null }, parameters: [], sharing: 'people', people: ['u3', 'u4'], owner_id: 'u2', archived_at: null }),
];
const told = (columns, rows, more = {}) => ({ columns: columns.map(([name, kind]) => ({ name, kind })), rows, rows_total: rows.length, cut: false, watermark: ago(4), elapsed_ms: 128, scanned: { files: 3, bytes: 1_240_000, rows: 420_000 }, masked: [], ...more });

function sqlAnswer(sql) {
  if (sql.includes('citty')) return problem(422, 'insight.query.wrong_at', '查询第 2 行第 8 个字符有误：column \'citty\' not found', { args: { line: 2, column: 8, message: "column 'citty' not found" } });
  if (sql.includes('day')) return { status: 200, json: told([['day', 'date'], ['city', 'text'], ['orders', 'integer']], Array.from({ length: 84 }, (_, i) => [`2026-11-${String(1 + Math.floor(i / 3)).padStart(2, '0')}`, CITIES[i % 3], 40 + ((i * 37) % 60)])) };
  return { status: 200, json: told([['city', 'text'], ['people', 'integer'], ['share', 'number'], ['since', 'time'], ['name', 'text']], CITIES.map((city, i) => [city, 23_400 - i * 1_870, 0.31 / (i + 1), ago(i * 9_000), null]), { cut: true, rows_total: null, elapsed_ms: 2_410, masked: ['profiles.name'] }) };
}

function insightAnswer(method, p, url, body) {
  if (p === '/insight/sql/tables') return { status: 200, json: { items: sqlTables, next_cursor: null } };
  if (p === '/insight/sql/run') return sqlAnswer(body.sql);
  if (p === '/insight/sql/refresh') return { status: 202, json: { queued_at: ago(0) } };
  if (p === '/insight/queries') return { status: 200, json: method === 'POST' ? { ...queries[0], ...body } : page(queries, url) };
  const found = queries.find((one) => one.id === p.split('/')[3]) ?? queries[0];
  if (p.endsWith('/run')) return sqlAnswer(found.sql);
  return { status: 200, json: found };
}

/** What the server would say, more or less. */
export function answer(method, url, body, headers) {
  const p = url.pathname.replace('/api/v1', '');
  const ok = (json) => ({ status: 200, json });
  if (method !== 'GET' && headers['x-brandwright'] !== '1') return problem(403, 'access.csrf', 'X-Brandwright is missing');
  if (p === '/identity/session') {
    if (method === 'GET') return signedIn && !headers.cookie?.includes('out=1') ? ok(session()) : problem(401, 'access.sign_in_first', '请先登录');
    if (method === 'POST') return body.totp ? ok(session()) : body.password === 'totp' ? problem(401, 'identity.session.totp_required', '请输入验证码') : problem(401, 'identity.session.refused', '邮箱或密码不对');
    signedIn = false;
    return ok({});
  }
  if (p === '/identity/sample-users') return ok({ items: users.slice(0, 8).map((u, i) => ({ id: u.id, name: u.name, role_names: [L(roles[i % 7][1])], department_name: u.department_names, position_name: u.position_names })), next_cursor: null });
  if (p === '/identity/sample-session') return (signedIn = true), ok(session(Number(body.user_id.slice(1))));
  if (p === '/identity/sessions') return ok({ items: [['Chrome · Windows', true], ['Safari · iOS', false], ['Firefox · macOS', false]].map(([device_name, current], i) => row(i, { device_name, current, address: `10.2.3.${i + 4}`, last_seen_at: ago(i * 900) })), next_cursor: null });
  if (p === '/identity/tokens') return ok(method === 'GET' ? { items: [row(1, { name: '夜间导入', hint: 'bw_7Kq2', scopes: ['tabular.import.run'], expires_at: ago(-80_000), last_used_at: ago(500) })], next_cursor: null } : { token: row(2), secret: 'bw_7Kq2mM0v9xkT4yQn8LrB1sZc6WdE' });
  if (p === '/identity/me/totp' && method === 'POST') return ok({ secret: 'JBSWY3DPEHPK3PXP', uri: 'otpauth://totp/Brandwright:linyue?secret=JBSWY3DPEHPK3PXP&issuer=Brandwright' });
  if (p === '/identity/me/totp') return ok({ recovery_codes: Array.from({ length: 8 }, (_, i) => `k7f${i}-92md`) });
  if (p === '/identity/users') return ok(page(users, url));
  if (p.endsWith('/grants')) return ok({ items: (users.find((u) => u.id === p.split('/')[3]) ?? users[0]).grants, next_cursor: null });
  if (p.startsWith('/identity/users/')) return ok(users.find((u) => u.id === p.split('/')[3]) ?? users[0]);
  if (p === '/identity/roles') return ok({ items: roles.map(([code, name, clearance, holders], i) => row(i, { id: `r${i}`, code, names: L(name), clearance, holders, built_in: true, descriptions: L(`${name}的日常工作`), permissions: ['brand.*', 'identity.user.read'] })), next_cursor: null });
  if (p === '/identity/permission-matrix') return ok({ permissions: permissions.map((x, i) => ({ ...x, scoped: true, confidential: i === 15 })), rows: roles.map(([code, name], i) => ({ id: `r${i}`, name, cells: Object.fromEntries(permissions.filter((_, n) => code === 'admin' || (n * 7 + i * 3) % 5 < 3).map((x) => [x.code, ['company']])) })), next_cursor: null });
  if (p === '/identity/departments') return ok({ items: departments, next_cursor: null });
  if (p === '/identity/positions') return ok(page(users.slice(0, 9).map((u, i) => row(i, { id: `p${i}`, names: u.position_names, department_id: u.department_id, department_names: u.department_names, people: 3 + i })), url));
  if (p === '/system/audit') return url.searchParams.get('from') ? problem(503, 'store.unavailable', '数据库没有应答') : ok(page(audit, url));
  if (p === '/rulebook/coverage') return ok(status);
  if (p === '/rulebook/turns') return ok({ items: turns, next_cursor: null });
  if (p === '/rulebook/task-count') return ok({ open: 4, overdue: 1 });
  if (p === '/rulebook/tasks') return ok({ items: tasks, next_cursor: null });
  if (p.startsWith('/rulebook/tasks/')) return ok(tasks[0]);
  if (p.startsWith('/insight/')) return insightAnswer(method, p, url, body);
  if (p === '/people') return ok(page(users.map(({ id, name, department_names }) => ({ id, name, department_names })), url));
  if (p === '/identity/me') return ok({ ...session().user, ...body });
  return problem(404, 'access.not_found', '没有这条记录');
}
