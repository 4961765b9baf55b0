import { currentLanguage } from '@/i18n';
import { Problem, type ProblemBody } from './problem';

/** Sends a file as it is and says how far it has come; what the browser's other way of asking cannot tell. */
export function upload<T>(path: string, file: File, onShare: (share: number) => void, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${path}?name=${encodeURIComponent(file.name)}`);
    request.responseType = 'json';
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    request.setRequestHeader('Accept-Language', currentLanguage());
    request.setRequestHeader('X-Brandwright', '1');
    request.upload.onprogress = ({ loaded, total, lengthComputable }) => lengthComputable && onShare(loaded / Math.max(1, total));
    request.onload = () => (request.status < 300 ? resolve(request.response as T) : reject(new Problem((request.response ?? {}) as ProblemBody, request.status)));
    request.onerror = () => reject(new Problem({ code: 'network' }, 0));
    signal?.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
