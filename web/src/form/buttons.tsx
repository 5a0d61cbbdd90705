import type { IconButtonProps } from '@rjsf/utils';
import { Button } from 'antd';
import { useLanguage } from '../words/language';

/** The library's own are icons with English names. */
function AddButton({ id, className, disabled = false, onClick }: IconButtonProps) {
  const { words } = useLanguage();
  return (
    <Button
      size="small"
      disabled={disabled}
      {...(id ? { id } : {})}
      {...(className ? { className } : {})}
      {...(onClick ? { onClick } : {})}
    >
      {words.task.add}
    </Button>
  );
}

function RemoveButton({ id, className, disabled = false, onClick }: IconButtonProps) {
  const { words } = useLanguage();
  return (
    <Button
      size="small"
      disabled={disabled}
      {...(id ? { id } : {})}
      {...(className ? { className } : {})}
      {...(onClick ? { onClick } : {})}
    >
      {words.task.remove}
    </Button>
  );
}

export const templates = { ButtonTemplates: { AddButton, RemoveButton } };
