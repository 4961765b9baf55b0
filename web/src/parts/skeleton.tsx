import { useTranslation } from 'react-i18next';
import './states.css';

function Bone({ width, height = 14 }: { width: string | number; height?: number }) {
  return <div className="bone" style={{ width, height }} />;
}

/** The shape of a result that is on its way. */
export function Skeleton({ shape = 'lines', rows = 6 }: { shape?: 'lines' | 'table' | 'record' | 'tiles'; rows?: number }) {
  const { t } = useTranslation();
  const lines = Array.from({ length: rows }, (_, i) => i);
  return (
    <div role="status" aria-label={t('loading')} className="bones">
      {shape === 'record' && (
        <>
          <Bone width={260} height={24} />
          <Bone width="60%" />
        </>
      )}
      {shape === 'tiles' ? (
        <div className="tiles">
          {lines.map((line) => (
            <div className="card bones" key={line}>
              <Bone width="50%" />
              <Bone width="70%" height={28} />
            </div>
          ))}
        </div>
      ) : (
        lines.map((line) => <Bone key={line} width={shape === 'table' ? '100%' : `${92 - ((line * 17) % 40)}%`} height={shape === 'table' ? 22 : 14} />)
      )}
    </div>
  );
}
