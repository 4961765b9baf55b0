import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/format/use-format';
import '@/areas/imports/imports.css';
import './brand.css';

/** Chooses a picture and shows it before it is sent. */
export function PictureField({ file, onFile }: { file: File | undefined; onFile: (file: File | undefined) => void }) {
  const { t } = useTranslation('brand');
  const format = useFormat();
  const address = useMemo(() => (file ? URL.createObjectURL(file) : undefined), [file]);
  useEffect(() => () => (address ? URL.revokeObjectURL(address) : undefined), [address]);
  return (
    <label
      className="import-drop"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        onFile(event.dataTransfer.files[0]);
      }}
    >
      <input type="file" className="hidden-text" accept="image/png,image/jpeg,image/gif,image/webp" onChange={(event) => onFile(event.target.files?.[0])} />
      {address && <img className="asset-chosen" src={address} alt="" />}
      <span className="strong anywhere">{file ? file.name : t('file_choose')}</span>
      <span className="small quiet">{file ? format.bytes(file.size) : t('file_hint')}</span>
    </label>
  );
}
