import { Fragment, type ReactNode } from 'react';

/** Bold and emphasis inside a line. */
function marked(line: string): ReactNode {
  return line.split(/(\*\*[^*]+\*\*|\*[^*]+\*|`[^`]+`)/).map((piece, i) => {
    if (piece.startsWith('**') && piece.length > 4) return <strong key={i}>{piece.slice(2, -2)}</strong>;
    if (piece.startsWith('*') && piece.length > 2) return <em key={i}>{piece.slice(1, -1)}</em>;
    if (piece.startsWith('`') && piece.length > 2) return <code key={i}>{piece.slice(1, -1)}</code>;
    return <Fragment key={i}>{piece}</Fragment>;
  });
}

function Block({ text }: { text: string }) {
  const lines = text.split('\n');
  const items = lines.map((line) => /^\s*(?:[-*]|\d+[.)、])\s+(.*)$/.exec(line)?.[1]);
  const heading = /^#{1,4}\s+(.*)$/.exec(text)?.[1];
  if (heading && lines.length === 1) return <p className="strong">{marked(heading)}</p>;
  if (items.every((item) => item !== undefined)) {
    const List = /^\s*\d/.test(text) ? 'ol' : 'ul';
    return (
      <List className="rich-list">
        {items.map((item, i) => (
          <li key={i}>{marked(item ?? '')}</li>
        ))}
      </List>
    );
  }
  return (
    <p>
      {lines.map((line, i) => (
        <Fragment key={i}>
          {i > 0 && <br />}
          {marked(line)}
        </Fragment>
      ))}
    </p>
  );
}

/** Text of many lines with simple marks; nothing in it is ever read as HTML. */
export function Rich({ text }: { text: string }) {
  const blocks = text.replaceAll('\r\n', '\n').split(/\n{2,}/).filter((block) => block.trim() !== '');
  return (
    <div className="stack-tight anywhere">
      {blocks.map((block, i) => (
        <Block key={i} text={block} />
      ))}
    </div>
  );
}
