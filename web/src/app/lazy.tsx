import { useEffect, useState, type ComponentType } from 'react';
import { Loading } from './said';

/** A page whose files are fetched when it is first shown, or before by whoever knows that it will be. */
export interface LazyPage {
  (): React.ReactNode;
  /** @throws whatever the browser says when they cannot be had */
  fetch(): Promise<unknown>;
}

/**
 * As React's own, which holds back whatever follows a fallback for 300 ms lest it flicker: here an office waits for its
 * list, and what is there is shown at once.
 */
export function lazy(load: () => Promise<{ default: ComponentType }>): LazyPage {
  let Page: ComponentType | undefined;
  let loading: Promise<unknown> | undefined;
  const fetch = (): Promise<unknown> =>
    (loading ??= load().then(
      (loaded) => (Page = loaded.default),
      (error: unknown) => {
        loading = undefined;
        throw error;
      },
    ));
  function Lazy() {
    const [failure, setFailure] = useState<{ readonly error: unknown }>();
    const [, setLoaded] = useState(Page !== undefined);
    useEffect(() => {
      let isThere = true;
      fetch().then(
        () => isThere && setLoaded(true),
        (error: unknown) => isThere && setFailure({ error }),
      );
      return () => {
        isThere = false;
      };
    }, []);
    if (failure) throw failure.error;
    return Page ? <Page /> : <Loading />;
  }
  return Object.assign(Lazy, { fetch });
}
