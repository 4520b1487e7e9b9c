// What relay-compiler reads. It writes each query into __generated__, from where relay.mjs takes it; in an application Relay's Babel
// plugin does so in the place of each tag, and the tags stand where they are used.
import { graphql } from 'relay-runtime';

graphql`
  query doctorsListQuery($filter: DoctorFilter, $orderBy: DoctorOrder, $first: Int!, $after: String) {
    doctors(filter: $filter, orderBy: $orderBy, first: $first, after: $after) @connection(key: "doctorsList_doctors") {
      edges { node { id name practice risk dso { id name } } }
      pageInfo { hasNextPage endCursor }
    }
  }
`;

graphql`
  query doctorsEmailsQuery($first: Int!) {
    doctors(first: $first) { edges { node { id name email @catch(to: RESULT) } } }
  }
`;
