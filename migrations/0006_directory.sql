-- +goose Up
-- Who works here: agencies, their teams, and which account works where. Names
-- of people are the accounts'.
CREATE TABLE agency (
  id         text      NOT NULL PRIMARY KEY,
  code       text      NOT NULL UNIQUE,
  name       text      NOT NULL,
  sector     text      NOT NULL,
  created_at timestamp NOT NULL,
  version    bigint    NOT NULL
);
CREATE INDEX agency_name ON agency (name, id);

CREATE TABLE team (
  agency_id       text      NOT NULL REFERENCES agency (id),
  id              text      NOT NULL,
  code            text      NOT NULL,
  name            text      NOT NULL,
  takes_referrals boolean   NOT NULL,
  created_at      timestamp NOT NULL,
  version         bigint    NOT NULL,
  PRIMARY KEY (agency_id, id),
  UNIQUE (agency_id, code)
);
CREATE INDEX team_name ON team (agency_id, name, id);

-- A membership that has ended stays, so that what somebody wrote keeps a name.
CREATE TABLE member (
  agency_id  text      NOT NULL REFERENCES agency (id),
  id         text      NOT NULL,
  account_id text      NOT NULL REFERENCES account (id),
  roles      text      NOT NULL,
  started_at timestamp NOT NULL,
  ended_at   timestamp,
  version    bigint    NOT NULL,
  PRIMARY KEY (agency_id, id)
);
CREATE INDEX member_account ON member (agency_id, account_id);
-- An account works at one place at a time. Accounts belong to the deployment
-- and not to an agency, so this one key is led by the account.
CREATE UNIQUE INDEX member_current ON member (account_id) WHERE ended_at IS NULL;

CREATE TABLE team_member (
  agency_id  text NOT NULL,
  team_id    text NOT NULL,
  account_id text NOT NULL REFERENCES account (id),
  PRIMARY KEY (agency_id, team_id, account_id),
  FOREIGN KEY (agency_id, team_id) REFERENCES team (agency_id, id)
);
CREATE INDEX team_member_account ON team_member (agency_id, account_id);
