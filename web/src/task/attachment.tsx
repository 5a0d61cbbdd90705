import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { Dialog } from '../app/dialog';
import { useLanguage } from '../words/language';

interface About {
  readonly name: string;
  readonly type: string;
}

async function about(id: string): Promise<About | undefined> {
  const response = await fetch(`/api/v1/attachments/${id}`, { method: 'HEAD' });
  if (!response.ok) return undefined;
  const name = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('Content-Disposition') ?? '')?.[1];
  return { name: decodeURIComponent(name ?? id), type: response.headers.get('Content-Type') ?? '' };
}

/** A file by its name: shown where a browser can show it safely, otherwise saved. */
export function Preview({ id }: { id: string }) {
  const { words } = useLanguage();
  const [open, setOpen] = useState(false);
  const found = useQuery({ queryKey: ['attachment', id], queryFn: () => about(id), staleTime: Infinity });
  if (!found.data) return null;
  const { name, type } = found.data;
  const isImage = /^image\/(png|jpeg)/.test(type);
  const canShow = isImage || type.startsWith('application/pdf');
  return (
    <span className="row file">
      <span>{name}</span>
      {canShow && (
        <Button size="small" onClick={() => setOpen(true)}>
          {words.task.preview}
        </Button>
      )}
      <a href={`/api/v1/attachments/${id}`} download>
        {words.task.download}
      </a>
      {open && (
        <Dialog title={name} onClose={() => setOpen(false)}>
          {isImage ? (
            <img className="shown" src={`/api/v1/attachments/${id}/preview`} alt={name} />
          ) : (
            <iframe className="shown" src={`/api/v1/attachments/${id}/preview`} title={name} />
          )}
          <p>
            <Button onClick={() => setOpen(false)}>{words.close}</Button>
          </p>
        </Dialog>
      )}
    </span>
  );
}
