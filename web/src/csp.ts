/**
 * Gives every <style> element the page's nonce.
 *
 * Ant Design writes its theme variables and scroll locks into <style> elements and forgets the nonce in some of
 * them; our content security policy refuses a style without one.
 */
export function carryNonce(): void {
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;
  if (!nonce || nonce.startsWith('__')) return;
  const create = document.createElement.bind(document);
  document.createElement = ((tag: string, options?: ElementCreationOptions) => {
    const element = create(tag, options);
    if (tag.toLowerCase() === 'style') element.nonce = nonce;
    return element;
  }) as typeof document.createElement;
}
