-- +goose Up
-- By what a session began: what is proved in it later does not change that. So
-- it ends with the identity at a provider that it began with.
ALTER TABLE session ADD COLUMN began text NOT NULL DEFAULT '';
UPDATE session SET began = factor;
