import type { ReactNode } from 'react';
import { Link } from 'react-router';

/** Opens the list behind a figure: what has been counted stands in the address. */
export function FigureLink({
  query,
  label,
  className = '',
  children,
}: {
  query: Readonly<Record<string, string>>;
  label?: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <Link
      className={`figure ${className}`}
      to={{ search: `?${new URLSearchParams(query).toString()}` }}
      {...(label ? { 'aria-label': label } : {})}
    >
      {children}
    </Link>
  );
}
