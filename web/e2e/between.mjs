// Stands between the browser and the product, so that the way to it can break as it breaks for people: the server stops,
// answers nonsense, or was replaced by another release. BRANDWRIGHT_DIST names a built UI to show instead of the binary's.
import { createReadStream, existsSync } from "node:fs";
import http from "node:http";
import path from "node:path";

const KINDS = { ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html", ".woff2": "font/woff2" };

export class Between {
  constructor(base) {
    this.target = new URL(base);
    /** Answers a request itself where it returns true. */
    this.instead = () => false;
    this.sockets = new Set();
  }

  async start(port = 0) {
    this.server = http.createServer((request, response) => this.pass(request, response));
    this.server.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket));
    });
    await new Promise((ready, failed) => this.server.once("error", failed).listen(port, "127.0.0.1", ready));
    this.port = this.server.address().port;
    this.base = `http://127.0.0.1:${this.port}`;
  }

  /** Stops as a server that is gone: nothing listens any more. */
  async stop() {
    const closed = new Promise((done) => this.server.close(done));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** Is there again, at the same address. */
  async again() {
    await this.start(this.port);
  }

  pass(request, response) {
    if (this.instead(request, response)) return;
    if (process.env.BRANDWRIGHT_DIST && !request.url.startsWith("/api/")) return this.file(request, response);
    const { hostname, port, host, origin } = this.target;
    const headers = { ...request.headers, host };
    if (headers.origin) headers.origin = origin;
    const asked = http.request({ hostname, port, path: request.url, method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    asked.on("error", () => response.destroy());
    request.pipe(asked);
  }

  file(request, response) {
    const { pathname } = new URL(request.url, this.base);
    const file = path.join(process.env.BRANDWRIGHT_DIST, pathname);
    const found = path.extname(pathname) && existsSync(file) ? file : path.join(process.env.BRANDWRIGHT_DIST, "index.html");
    response.writeHead(200, { "content-type": KINDS[path.extname(found)] ?? "application/octet-stream" });
    createReadStream(found).pipe(response);
  }
}

/** Refuses as the product does when something inside it broke. */
export function broken(response) {
  response.writeHead(500, { "content-type": "application/problem+json" });
  response.end(JSON.stringify({ code: "internal", status: 500, request_id: "0190f0c0-0000-7000-8000-000000000000" }));
  return true;
}

/** Answers for a file of a release that is no longer there. */
export function gone(response) {
  response.writeHead(404, { "content-type": "text/plain" });
  response.end("not found");
  return true;
}
