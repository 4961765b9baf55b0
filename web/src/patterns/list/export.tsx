import { Button, Dropdown } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

interface ExportMenuProps {
  /** Answers with the list as a file. */
  path: string;
  /** The conditions of the list; the file holds exactly what the list shows. */
  filters: readonly string[];
  /** What the file is narrowed by, where that is not what the address says. */
  query?: { [name: string]: string | undefined };
  icon: ReactNode;
}

const FORMATS = ['csv', 'xlsx'] as const;

/** Saves what a list shows, narrowed as it is now. */
export function ExportMenu({ path, filters, query: given, icon }: ExportMenuProps) {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const address = (format: string) => {
    const query = new URLSearchParams({ format });
    for (const name of filters) {
      const value = given ? given[name] : params.get(name);
      if (value) query.set(name, value);
    }
    return `${path}?${query}`;
  };
  const items = FORMATS.map((format) => ({
    key: format,
    label: (
      <a href={address(format)} download>
        {t(`export.${format}`)}
      </a>
    ),
  }));
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
      <Button type="text" icon={icon}>
        {t('export.title')}
      </Button>
    </Dropdown>
  );
}
