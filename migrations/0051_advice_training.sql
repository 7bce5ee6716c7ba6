-- +goose Up
-- What a training was in that gives no level: how to advise on safe sharing, for key contacts. Empty where it gives one.
ALTER TABLE training_level ADD COLUMN topic text NOT NULL DEFAULT '';
