// Run by mongosh: joins the three nodes into one replica set and makes the product's user, each only where missing.
const { readFileSync } = require('node:fs');

const secret = (name) => readFileSync(`/run/secrets/${name}`, 'utf8').trim();
const root = `root:${secret('mongodb_root_password')}`;
const tls = 'tls=true&tlsCAFile=/certificates/ca.pem&tlsCertificateKeyFile=/certificates/both.pem';
const hosts = ['mongo-1:27017', 'mongo-2:27017', 'mongo-3:27017'];

const first = connect(`mongodb://${root}@${hosts[0]}/admin?directConnection=true&${tls}`);
try {
  first.runCommand({ replSetGetStatus: 1 });
} catch (error) {
  if (error.codeName !== 'NotYetInitialized') throw error;
  const members = hosts.map((host, _id) => ({ _id, host }));
  first.runCommand({ replSetInitiate: { _id: 'jiugai', members } });
  print('replica set initiated');
}

// Through the set's own address, so that it goes to whichever node is primary now.
const set = connect(
  `mongodb://${root}@${hosts.join(',')}/admin?replicaSet=jiugai&serverSelectionTimeoutMS=60000&${tls}`,
);
const store = set.getSiblingDB('jiugai');
const user = { pwd: secret('mongodb_password'), roles: [{ role: 'dbOwner', db: 'jiugai' }] };
if (store.getUser('jiugai')) {
  store.updateUser('jiugai', user);
} else {
  store.createUser({ user: 'jiugai', ...user });
  print('user made');
}
