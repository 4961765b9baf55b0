/** One field at fault. */
export interface FieldProblem {
  field: string;
  code: string;
  detail?: string;
  args?: Record<string, unknown>;
}

/** The body of problem+json (RFC 9457). */
export interface ProblemBody {
  type?: string;
  title?: string;
  status?: number;
  code?: string;
  detail?: string;
  args?: Record<string, unknown>;
  fields?: FieldProblem[];
  request_id?: string;
}

/** A refusal or failure that the person in front of the screen can act on. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly args: Record<string, unknown>;
  readonly fields: FieldProblem[];
  readonly requestId: string | undefined;

  constructor(body: ProblemBody, status: number) {
    super(body.detail ?? body.title ?? '');
    this.name = 'Problem';
    this.status = status;
    this.code = body.code ?? (status === 0 ? 'network' : `http_${status}`);
    this.args = body.args ?? {};
    this.fields = body.fields ?? [];
    this.requestId = body.request_id;
  }

  /** True where nobody is signed in any more. */
  get signedOut(): boolean {
    return this.status === 401;
  }

  /** True where somebody else changed the row meanwhile. */
  get stale(): boolean {
    return this.status === 412;
  }

  /** True where trying again later can help. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Reads what a response says about its failure, whoever wrote it: the server or a proxy before it. */
export async function problemOf(response: Response): Promise<Problem> {
  const type = response.headers.get('content-type') ?? '';
  const requestId = response.headers.get('x-request-id') ?? undefined;
  if (!type.includes('json')) return new Problem({ request_id: requestId }, response.status);
  try {
    const body = (await response.json()) as ProblemBody;
    return new Problem({ request_id: requestId, ...body }, response.status);
  } catch {
    return new Problem({ request_id: requestId }, response.status);
  }
}

/** Anything thrown, as a problem. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof TypeError) return new Problem({ code: 'network' }, 0);
  return new Problem({ code: 'unexpected', detail: thrown instanceof Error ? thrown.message : undefined }, 500);
}
