/** A trend at the size of a word; the tile beside it says the number. */
export function Spark({ points, width = 64, height = 20 }: { points: number[]; width?: number; height?: number }) {
  if (points.length < 2) return null;
  const [low, high] = [Math.min(...points), Math.max(...points)];
  const place = (value: number, i: number) => {
    const x = (i / (points.length - 1)) * (width - 4) + 2;
    const y = high === low ? height / 2 : height - 2 - ((value - low) / (high - low)) * (height - 4);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  };
  return (
    <svg width={width} height={height} aria-hidden="true">
      <polyline fill="none" stroke="var(--link)" strokeWidth="1.5" strokeLinejoin="round" points={points.map(place).join(' ')} />
    </svg>
  );
}
