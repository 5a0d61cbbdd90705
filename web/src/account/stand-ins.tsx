import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import type { z } from 'zod';
import type { standInView } from '../../../api/routes/person-views';
import { ask } from '../api/client';
import { useKinds, useOrganisations } from '../api/names';
import { Failure, Loading } from '../app/said';
import { FormDialog } from '../form/form-dialog';
import { useLanguage } from '../words/language';
import { moment } from '../words/moments';
import { NameStandInDialog } from './name-stand-in-dialog';
import { useTexts } from './texts';

type StandIn = z.infer<typeof standInView>;
type Side = 'mine' | 'others';

interface Own {
  readonly named: readonly StandIn[];
  readonly standingInFor: readonly StandIn[];
  readonly people: Readonly<Record<string, string>>;
}

const KEY = ['stand-ins'];

/** 代理: whom one has named, and for whom one stands in oneself; either is ended early by either. */
export function StandIns() {
  const { standIns: texts } = useTexts();
  const client = useQueryClient();
  const [naming, setNaming] = useState(false);
  const found = useQuery({ queryKey: KEY, queryFn: () => ask<Own>('/me/stand-ins') });
  if (!found.data) return found.error ? <Failure error={found.error} /> : <Loading />;
  const { named, standingInFor, people } = found.data;
  return (
    <>
      <p className="hint">{texts.hint}</p>
      <h3>{texts.mine}</h3>
      <StandInTable side="mine" rows={named} people={people} />
      <p>
        <Button onClick={() => setNaming(true)}>{texts.name}</Button>
      </p>
      <h3>{texts.others}</h3>
      <StandInTable side="others" rows={standingInFor} people={people} />
      {naming && (
        <NameStandInDialog
          onClose={() => setNaming(false)}
          onDone={() => {
            setNaming(false);
            return client.invalidateQueries({ queryKey: KEY });
          }}
        />
      )}
    </>
  );
}

function StandInTable({
  side,
  rows,
  people,
}: {
  side: Side;
  rows: readonly StandIn[];
  people: Own['people'];
}) {
  const { standIns: texts } = useTexts();
  const { language } = useLanguage();
  const client = useQueryClient();
  const [ending, setEnding] = useState<StandIn>();
  const office = useOrganisations(rows.map(({ organisation }) => organisation));
  const kindName = useKinds();
  const nameOf = ({ user, standIn }: StandIn): string => {
    const id = side === 'mine' ? standIn : user;
    return people[id] ?? id;
  };
  if (rows.length === 0) return <p className="hint">{texts.none}</p>;
  return (
    <>
      <table className="plain tasks" aria-label={texts[side]}>
        <thead>
          <tr>
            <th scope="col">{texts.person}</th>
            <th scope="col">{texts.period}</th>
            <th scope="col">{texts.kinds}</th>
            <th scope="col">{texts.state}</th>
            <th scope="col">
              <span className="unseen">{texts.end}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td>
                {nameOf(row)}
                <span className="hint block">{office(row.organisation)}</span>
              </td>
              <td className="whole">
                {row.from} {texts.to} {row.until}
              </td>
              <td>
                {row.kinds ? row.kinds.map(kindName).join('、') : texts.all}
                {row.reason !== undefined && (
                  <span className="hint block">
                    {texts.reason}：{row.reason}
                  </span>
                )}
              </td>
              <td>
                <State row={row} />
                {row.ended && <span className="hint block">{moment(row.ended.at, language)}</span>}
              </td>
              <td>
                {!row.over && (
                  <Button size="small" onClick={() => setEnding(row)}>
                    {side === 'mine' ? texts.end : texts.resign}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {ending && (
        <FormDialog
          title={(side === 'mine' ? texts.endTitle : texts.resignTitle)(nameOf(ending))}
          hint={texts.endHint}
          submit={side === 'mine' ? texts.end : texts.resign}
          asked={() => ({ path: `/me/stand-ins/${ending.id}/end`, method: 'POST' })}
          onClose={() => setEnding(undefined)}
          onDone={() => {
            setEnding(undefined);
            return client.invalidateQueries({ queryKey: KEY });
          }}
        />
      )}
    </>
  );
}

function State({ row: { holds, over, ended } }: { row: StandIn }) {
  const { states } = useTexts().standIns;
  const state = ended ? 'ended' : over ? 'over' : holds ? 'holds' : 'toCome';
  return <span className="tag">{states[state]}</span>;
}
