-- +goose Up
-- What happened, for counting. A row says that something of one kind was done
-- by one agency, about one person where the kind is about people, on one day
-- of the deployment's calendar. source is the record that says so: a corrected
-- record withdraws its rows and writes them anew. dimensions is an object
-- whose values are all text, "true" and "2" too, so that both engines compare
-- them alike. No foreign keys: the records lie in packages above.
CREATE TABLE fact (
  id          text      NOT NULL,
  agency_id   text      NOT NULL,
  kind        text      NOT NULL,
  day         text      NOT NULL,
  at          timestamp NOT NULL,
  person_id   text      NOT NULL,
  file_id     text      NOT NULL,
  source_kind text      NOT NULL,
  source_id   text      NOT NULL,
  dimensions  jsonb     NOT NULL,
  PRIMARY KEY (agency_id, id)
);
-- Every count reads ranges of an agency, going from agency to agency where it
-- is about all of them.
CREATE INDEX fact_agency_period ON fact (agency_id, kind, day);
-- What else the same record, or the same person, says.
CREATE INDEX fact_source ON fact (agency_id, source_kind, source_id, kind);
