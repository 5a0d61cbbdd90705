import type { IconButtonProps } from '@rjsf/utils';
import { Button } from 'antd';
import { useLanguage } from '../words/language';

/** The library's own are icons with English names. */
function buttonSaying(word: 'add' | 'remove') {
  return function FormButton({ id, className, disabled = false, onClick }: IconButtonProps) {
    const { words } = useLanguage();
    return (
      <Button
        size="small"
        disabled={disabled}
        {...(id ? { id } : {})}
        {...(className ? { className } : {})}
        {...(onClick ? { onClick } : {})}
      >
        {words.task[word]}
      </Button>
    );
  };
}

export const templates = {
  ButtonTemplates: { AddButton: buttonSaying('add'), RemoveButton: buttonSaying('remove') },
};
