-- +goose Up
-- A MARAC is an agency of its own, and the controller of its register (ADR 0025). What it goes by:
CREATE TABLE marac (
  agency_id      text      NOT NULL, -- the agency that it is
  team_id        text      NOT NULL, -- whose inbox takes what is referred to it
  minutes        bigint    NOT NULL, -- for each case at a meeting
  refer_days     bigint    NOT NULL, -- so many days before a meeting its list closes
  circulate_days bigint    NOT NULL, -- so many days before it, the pack goes to those accepted
  close_days     bigint    NOT NULL, -- so many days after it, the pack closes
  women          bigint    NOT NULL, -- women of 16 and over who live in the area; 0 not known
  recorded_at    timestamp NOT NULL,
  recorded_by    text      NOT NULL,
  version        bigint    NOT NULL,
  PRIMARY KEY (agency_id)
);

-- By which rules it goes since when. A case is judged by the rules of the day it was referred.
CREATE TABLE marac_rule (
  agency_id   text      NOT NULL,
  since_on    text      NOT NULL, -- YYYY-MM-DD
  repeat_rule text      NOT NULL, -- any_abuse, crime
  threshold   bigint    NOT NULL, -- answers of yes that make visible high risk
  incidents   bigint    NOT NULL, -- how many in how many months make potential escalation
  months      bigint    NOT NULL,
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  PRIMARY KEY (agency_id, since_on)
);

-- Where people live who belong to it: authorities, or postcode districts. Borders of agencies do not matter.
CREATE TABLE marac_area (
  agency_id text NOT NULL,
  kind      text NOT NULL, -- authority, postcode
  code      text NOT NULL,
  name      text NOT NULL,
  PRIMARY KEY (agency_id, kind, code)
);
CREATE INDEX marac_area_code ON marac_area (kind, code, agency_id);

-- Who sits at its meetings, and for whom. Their own agency names them; the coordinator accepts them.
CREATE TABLE marac_member (
  agency_id    text      NOT NULL,
  id           text      NOT NULL,
  account_id   text      NOT NULL,
  of_agency    text      NOT NULL, -- whom they sit for
  capacity     text      NOT NULL, -- representative, deputy, chair, coordinator, idva, observer
  given        text      NOT NULL, -- everything, without_whereabouts; empty until they are accepted
  since_on     text      NOT NULL,
  until_on     text      NOT NULL, -- empty while it goes on
  named_by     text      NOT NULL,
  named_at     timestamp NOT NULL,
  accepted_by  text      NOT NULL,
  accepted_at  timestamp,
  signed_at    timestamp,          -- when they signed the conditions
  version      bigint    NOT NULL,
  PRIMARY KEY (agency_id, id)
);
CREATE INDEX marac_member_account ON marac_member (account_id, agency_id);
CREATE INDEX marac_member_of ON marac_member (agency_id, of_agency, id);

CREATE TABLE marac_meeting (
  agency_id    text      NOT NULL,
  id           text      NOT NULL,
  kind         text      NOT NULL, -- scheduled, daily, emergency
  starts_at    timestamp NOT NULL,
  minutes      bigint    NOT NULL,
  closes_list  timestamp NOT NULL, -- until when cases are listed as a matter of course
  circulate_at timestamp NOT NULL, -- from when those accepted see the pack
  close_at     timestamp NOT NULL, -- until when they do
  state        text      NOT NULL, -- planned, begun, ended, cancelled
  words_sealed bytea     NOT NULL, -- sealed: JSON: where, how to join
  recorded_at  timestamp NOT NULL,
  recorded_by  text      NOT NULL,
  version      bigint    NOT NULL,
  PRIMARY KEY (agency_id, id)
);
CREATE UNIQUE INDEX marac_meeting_id ON marac_meeting (id);
CREATE INDEX marac_meeting_starts ON marac_meeting (agency_id, starts_at, id);

-- Who is asked to a meeting, and what became of it. A row with the answer accepted is what lets somebody see the pack.
CREATE TABLE marac_seat (
  agency_id    text      NOT NULL,
  meeting_id   text      NOT NULL,
  account_id   text      NOT NULL,
  of_agency    text      NOT NULL,
  capacity     text      NOT NULL,
  answer       text      NOT NULL, -- asked, accepted, apologies
  sent         boolean   NOT NULL, -- apologies, and information was sent
  statement_at timestamp,          -- when they accepted the statement of confidentiality
  came_at      timestamp,
  recorded_at  timestamp NOT NULL,
  recorded_by  text      NOT NULL,
  version      bigint    NOT NULL,
  PRIMARY KEY (agency_id, meeting_id, account_id),
  FOREIGN KEY (agency_id, meeting_id) REFERENCES marac_meeting (agency_id, id)
);
CREATE INDEX marac_seat_account ON marac_seat (account_id, agency_id, meeting_id);

-- The register: one row for each time that a victim and those who harm them were referred. What is known of
-- them is in the file of the MARAC that it belongs to; a second referral of the same people is a row of its own.
CREATE TABLE marac_case (
  agency_id    text      NOT NULL,
  id           text      NOT NULL,
  file_id      text      NOT NULL,
  number       text      NOT NULL, -- as people call it, such as 2026/014
  share_id     text      NOT NULL, -- the share that it came with; empty when it came by a list, or was taken down by the coordinator
  from_agency  text      NOT NULL, -- who referred
  referred_on  text      NOT NULL, -- YYYY-MM-DD: from here the twelve months run
  state        text      NOT NULL, -- screening, listed, heard, declined, transferred
  urgent       boolean   NOT NULL,
  visible      text      NOT NULL, -- the four routes: yes, no, unknown
  judgement    text      NOT NULL,
  escalation   text      NOT NULL,
  repeated     text      NOT NULL,
  rule_since   text      NOT NULL, -- by which rules it was judged
  repeats      text      NOT NULL, -- the earlier row that it repeats, as a person decided; empty for none
  meeting_id   text      NOT NULL, -- empty while it is on no list
  slot         bigint    NOT NULL, -- its place on the list, from 1; 0 while it is on none
  idva         text      NOT NULL, -- whether an IDVA represents them: not_known, referred, accepted, declined_by_them, none
  came_from    text      NOT NULL, -- the MARAC that transferred it here, in words; empty for none
  heard_on     text      NOT NULL, -- YYYY-MM-DD: the day it was heard; empty while it was not
  children     bigint    NOT NULL, -- in the household; what the national return counts (domain.md, section 5.6)
  bme          text      NOT NULL, -- yes, no, unknown: of the victim, as they or the referrer said
  lgbt         text      NOT NULL,
  disabled     text      NOT NULL,
  male         text      NOT NULL,
  victim_16_17 text      NOT NULL,
  harmer_to_17 text      NOT NULL, -- somebody who harms is 17 or younger
  words_sealed bytea     NOT NULL, -- sealed: JSON: what was said and decided
  recorded_at  timestamp NOT NULL,
  recorded_by  text      NOT NULL,
  version      bigint    NOT NULL,
  PRIMARY KEY (agency_id, id),
  UNIQUE (agency_id, number),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX marac_case_file ON marac_case (agency_id, file_id, referred_on, id);
CREATE INDEX marac_case_meeting ON marac_case (agency_id, meeting_id, slot, id);
CREATE INDEX marac_case_state ON marac_case (agency_id, state, referred_on, id);
CREATE INDEX marac_case_referred ON marac_case (agency_id, referred_on, id);
CREATE UNIQUE INDEX marac_case_share ON marac_case (agency_id, share_id) WHERE share_id <> '';

-- Who a case is about, as they were referred: the identities that agencies are asked to look for, and no more.
CREATE TABLE marac_party (
  agency_id    text      NOT NULL,
  case_id      text      NOT NULL,
  person_id    text      NOT NULL, -- of the file
  role         text      NOT NULL, -- victim, perpetrator, child, other
  words_sealed bytea     NOT NULL, -- sealed: JSON: names, aliases, birth, address for matching, relation
  PRIMARY KEY (agency_id, case_id, person_id),
  FOREIGN KEY (agency_id, case_id) REFERENCES marac_case (agency_id, id)
);
CREATE INDEX marac_party_person ON marac_party (agency_id, person_id, case_id);
