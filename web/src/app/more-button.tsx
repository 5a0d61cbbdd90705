import { Button } from 'antd';
import { useLanguage } from '../words/language';

/** Fetches the next page of a list that has one. @param list what an infinite query answers */
export function MoreButton({
  list,
}: {
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };
}) {
  const { words } = useLanguage();
  if (!list.hasNextPage) return null;
  return (
    <p>
      <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        {words.more}
      </Button>
    </p>
  );
}
