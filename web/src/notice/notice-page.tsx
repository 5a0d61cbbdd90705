import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearchParams } from 'react-router';
import { ask } from '../api/client';
import { NoPage } from '../app/no-page';
import { Loading } from '../app/said';
import { yuanOf } from '../words/amounts';
import { useTitle } from '../words/language';
import { AnswerLookUp } from './answer';
import { titleOf, type Notice } from './notice';
import './notice.css';
import { ObjectionForm } from './objection-form';
import { Picture } from './picture';
import { useTexts } from './texts';
import { TimeLeft } from './time-left';

/** One public notice, as it hangs in the estate: large type on request, printable, with the form for objections. */
export function NoticePage() {
  const { id = '' } = useParams();
  const texts = useTexts();
  const [address, setAddress] = useSearchParams();
  const isLarge = address.get('large') === '1';
  const found = useQuery({ queryKey: ['notice', id], queryFn: () => ask<Notice>(`/notices/${id}`) });
  useTitle(texts.title);
  if (!found.data) return found.error ? <NoPage error={found.error} /> : <Loading />;
  const notice = found.data;
  return (
    <div className={`notice ${isLarge ? 'large' : ''}`}>
      <div className="row notice-tools">
        <Link to="/notices">{texts.all}</Link>
        <button
          type="button"
          aria-pressed={isLarge}
          onClick={() => setAddress(isLarge ? {} : { large: '1' }, { replace: true })}
        >
          {isLarge ? texts.usual : texts.large}
        </button>
        <button type="button" onClick={() => window.print()}>
          {texts.print}
        </button>
      </div>
      <h1>
        {titleOf(notice)} {texts.title}
        {notice.round > 1 && `（${texts.round(notice.round)}）`}
      </h1>
      <TimeLeft notice={notice} />
      <dl className="notice-facts">
        <dt>{texts.budget}</dt>
        <dd>{texts.yuan(yuanOf(notice.budgetFen))}</dd>
        {notice.modeName && (
          <>
            <dt>{texts.mode}</dt>
            <dd>{notice.modeName}</dd>
          </>
        )}
      </dl>
      {notice.communities.map((community) => (
        <Plan
          key={community.id}
          community={community}
          isOnly={notice.communities.length === 1}
          pictures={(notice.pictures ?? []).filter((one) => (one.community ?? community.id) === community.id)}
        />
      ))}
      {(notice.documents?.length ?? 0) > 0 && (
        <section className="card">
          <h2>{texts.pictures}</h2>
          <div className="pictures">
            {notice.documents?.map((href, i) => (
              <Picture key={href} href={href} name={texts.picture(i + 1)} />
            ))}
          </div>
        </section>
      )}
      <ObjectionForm notice={notice} />
      <AnswerLookUp notice={notice} />
    </div>
  );
}

function Plan({
  community,
  isOnly,
  pictures,
}: {
  community: Notice['communities'][number];
  isOnly: boolean;
  pictures: NonNullable<Notice['pictures']>;
}) {
  const texts = useTexts();
  const { name, items, budgetFen, funding, newBuildings, place } = community;
  return (
    <section className="card">
      {!isOnly && (
        <h2>
          {name}：{texts.yuan(yuanOf(budgetFen))}
        </h2>
      )}
      {place && (
        <p>
          {texts.place}：{place}
        </p>
      )}
      <h2>{texts.items}</h2>
      <ol className="items">
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ol>
      {pictures.length > 0 && <h2>{texts.beforeAndAfter}</h2>}
      {pictures.map(({ what, before, after }) => (
        <figure key={`${what}${before}${after}`} className="before-and-after">
          <figcaption>{what}</figcaption>
          {before && <Side title={texts.before} what={what} href={before} />}
          {after && <Side title={texts.after} what={what} href={after} />}
        </figure>
      ))}
      {newBuildings.length > 0 && (
        <>
          <h2>{texts.newBuildings}</h2>
          <ul>
            {newBuildings.map((building) => (
              <li key={building}>{building}</li>
            ))}
          </ul>
        </>
      )}
      <h2>{texts.funding}</h2>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{texts.source}</th>
            <th scope="col" className="sum">
              {texts.amount}
            </th>
          </tr>
        </thead>
        <tbody>
          {funding.map((one) => (
            <tr key={one.name}>
              <td>{one.name}</td>
              <td className="sum">{yuanOf(one.amountFen)}</td>
            </tr>
          ))}
          <tr>
            <td>
              <strong>{texts.total}</strong>
            </td>
            <td className="sum">
              <strong>{yuanOf(budgetFen)}</strong>
            </td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}

function Side({ title, what, href }: { title: string; what: string; href: string }) {
  return (
    <div>
      <p>{title}</p>
      <Picture href={href} name={`${title}：${what}`} />
    </div>
  );
}
