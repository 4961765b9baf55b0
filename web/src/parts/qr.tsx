import qrcode from 'qrcode-generator';
import { useMemo } from 'react';

/** A text as a QR code, drawn here: a secret never leaves for an image service. */
export function Qr({ text, label, className }: { text: string; label: string; className?: string }) {
  const { path, size } = useMemo(() => {
    const code = qrcode(0, 'M');
    code.addData(text);
    code.make();
    const count = code.getModuleCount();
    let drawn = '';
    for (let y = 0; y < count; y += 1) {
      for (let x = 0; x < count; x += 1) if (code.isDark(y, x)) drawn += `M${x} ${y}h1v1h-1z`;
    }
    return { path: drawn, size: count };
  }, [text]);
  return (
    <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} className={className} shapeRendering="crispEdges">
      <path d={path} fill="#000" />
    </svg>
  );
}
