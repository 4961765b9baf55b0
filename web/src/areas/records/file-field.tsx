import { CloseOutlined, PaperClipOutlined } from '@ant-design/icons';
import { Button, Progress } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { upload } from '@/api/upload';
import { useFormat } from '@/format/use-format';
import { ProblemNote } from '@/parts/states';
import '@/areas/imports/imports.css';
import { FILES } from './api';
import type { StoredFile } from './types';
import { track } from './uploads';

interface FileFieldProps {
  label: string;
  /** Files at most. */
  most: number | undefined;
  value: StoredFile[];
  onChange: (files: StoredFile[]) => void;
}

/** Takes files one after the other and shows how far each has come. */
export function FileField({ label, most, value, onChange }: FileFieldProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const [sending, setSending] = useState<{ name: string; share: number }>();
  const [error, setError] = useState<unknown>();
  const full = most !== undefined && value.length >= most;
  const send = async (files: File[]) => {
    const taken = [...value];
    for (const file of files) {
      setSending({ name: file.name, share: 0 });
      const stored = await upload<StoredFile>(FILES, file, (share) => setSending({ name: file.name, share }));
      if (!taken.some((one) => one.id === stored.id)) taken.push(stored);
      onChange([...taken]);
    }
  };
  const take = (files: FileList | null) => {
    setError(undefined);
    const room = most === undefined ? Infinity : most - value.length;
    track(send([...(files ?? [])].slice(0, room)))
      .catch(setError)
      .finally(() => setSending(undefined));
  };
  return (
    <div className="stack-tight">
      {value.length > 0 && (
        <ul className="record-files">
          {value.map((file) => (
            <li key={file.id} className="row">
              <PaperClipOutlined aria-hidden="true" />
              <span className="anywhere">{file.name}</span>
              <span className="quiet small">{format.bytes(file.size)}</span>
              <Button size="small" type="text" icon={<CloseOutlined />} aria-label={t('remove_named', { name: file.name })} onClick={() => onChange(value.filter((one) => one.id !== file.id))} />
            </li>
          ))}
        </ul>
      )}
      {sending && (
        <div role="status">
          <span className="small">{t('sending_file', { name: sending.name })}</span>
          <Progress percent={Math.round(sending.share * 100)} aria-label={t('sending_file', { name: sending.name })} size="small" />
        </div>
      )}
      <ProblemNote error={error} />
      {!full && !sending && (
        <label
          className="import-drop record-drop"
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            take(event.dataTransfer.files);
          }}
        >
          <input
            type="file"
            multiple
            className="hidden-text"
            aria-label={label}
            onChange={(event) => {
              take(event.target.files);
              event.target.value = '';
            }}
          />
          <span className="small">{t('choose_files')}</span>
        </label>
      )}
    </div>
  );
}
