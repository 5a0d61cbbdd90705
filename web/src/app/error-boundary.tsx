import { Button } from 'antd';
import { Component, type ReactNode } from 'react';
import { useLanguage } from '../words/language';
import { Failure } from './said';

/** A page that breaks leaves the frame standing; one whose files were replaced by a newer build asks to reload. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {};

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error === undefined ? this.props.children : <Broken error={error} />;
  }
}

function Broken({ error }: { error: unknown }) {
  const { words } = useLanguage();
  const isGone = /dynamically imported module|module script/i.test(String(error));
  return (
    <>
      {isGone ? <p role="alert">{words.newVersion}</p> : <Failure error={error} />}
      <Button onClick={() => window.location.reload()}>{words.reload}</Button>
    </>
  );
}
