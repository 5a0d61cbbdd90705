import { useQuery } from '@tanstack/react-query';

/** A picture is shown; any other file is there to be opened. */
export function Picture({ href, name }: { href: string; name: string }) {
  const { data } = useQuery({
    queryKey: ['notice-document', href],
    queryFn: async () => (await fetch(href, { method: 'HEAD' })).headers.get('Content-Type') ?? '',
    staleTime: Infinity,
  });
  if (data && /^image\/(png|jpeg)/.test(data)) {
    return (
      <a href={href}>
        <img src={href} alt={name} loading="lazy" />
      </a>
    );
  }
  return (
    <a href={href} download>
      {name}
    </a>
  );
}
