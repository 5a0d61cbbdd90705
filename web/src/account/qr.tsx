import { QRCode } from 'antd';

/** Its own file: whoever enrols once a year fetches it then. */
export function Qr({ value }: { value: string }) {
  return <QRCode value={value} size={200} type="svg" bordered={false} color="#000" bgColor="#fff" />;
}
