import { Button } from 'antd';
import { useState } from 'react';
import { newKey, type TaskDetail } from '../api/tasks';
import { useSending } from '../api/sending';
import { Dialog } from '../app/dialog';
import { Failure } from '../app/said';
import { ClauseTag } from '../help/clause-tag';
import { useLanguage } from '../words/language';
import { errorsOf } from './refusals';
import { SchemaForm } from './schema-form';
import type { Surroundings } from './surroundings';

/** What the API offers to begin: with a project, with a task. */
type OfferedAct = Omit<TaskDetail['acts'][number], 'example'>;

/** A button for each act, and the dialog of the one that was chosen. */
export function ActButtons({
  acts,
  surroundings,
  onDone,
}: {
  acts: readonly OfferedAct[];
  surroundings: Surroundings;
  onDone: () => unknown;
}) {
  const { language } = useLanguage();
  const [chosen, setChosen] = useState<OfferedAct>();
  return (
    <>
      <div className="row">
        {acts.map((act) => (
          <Button key={act.act} onClick={() => setChosen(act)}>
            {language === 'zh' ? act.title : act.titleEn}
          </Button>
        ))}
      </div>
      {chosen && (
        <ActDialog
          act={chosen}
          surroundings={surroundings}
          onClose={() => setChosen(undefined)}
          onDone={() => {
            setChosen(undefined);
            return onDone();
          }}
        />
      )}
    </>
  );
}

function ActDialog({
  act,
  surroundings,
  onClose,
  onDone,
}: {
  act: OfferedAct;
  surroundings: Surroundings;
  onClose: () => void;
  onDone: () => unknown;
}) {
  const { words, language } = useLanguage();
  const [value, setValue] = useState<unknown>({});
  // The same intention, however often it is sent.
  const [key] = useState(newKey);
  const { error, isSending, send } = useSending();
  const path = act.href.replace('/api/v1', '');
  return (
    <Dialog title={language === 'zh' ? act.title : act.titleEn} onClose={onClose}>
      <p className="hint">
        {words.task.clause} <ClauseTag id={act.clause} />
      </p>
      <Failure error={error} />
      <SchemaForm
        idPrefix="act"
        schema={act.form}
        value={value}
        errors={errorsOf(error)}
        surroundings={surroundings}
        onChange={setValue}
        onSubmit={(body) => void send(path, { method: 'POST', body, key }, onDone)}
      >
        <div className="row">
          <Button type="primary" htmlType="submit" loading={isSending}>
            {words.confirm}
          </Button>
          <Button onClick={onClose}>{words.cancel}</Button>
        </div>
      </SchemaForm>
    </Dialog>
  );
}
