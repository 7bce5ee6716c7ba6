package training_test

import (
	"testing"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/training"
	"waymark/internal/registers/training/trainingtest"
)

// Proves: B14.13
func TestOtherTrainingCountsByTheTableOfTheAgency(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		h := trainingtest.New(t, db)
		police, clinic := h.Agency("police", directory.Police), h.Agency("clinic", directory.Health)
		lead := h.Add(trainingtest.Worker{Username: "lead.one", Agency: police.ID, Roles: []policy.Role{policy.Manager}})
		officer := h.Add(trainingtest.Worker{Username: "officer.one", Agency: police.ID, Roles: []policy.Role{policy.Practitioner}})
		stranger := h.Add(trainingtest.Worker{Username: "stranger.one", Agency: clinic.ID, Roles: []policy.Role{policy.Manager}})
		ctx := t.Context()
		line := training.Equivalent{Training: "Fictional force course", Level: training.Assesses, FromOn: "2024-01-01", UntilOn: "2025-12-31"}
		if err := h.Training.Decide(ctx, officer, line); err == nil {
			t.Error("decided by an officer")
		}
		for name, bad := range map[string]training.Equivalent{
			"training": {Level: 3, FromOn: "2024-01-01"}, "level": {Training: "x", Level: 5, FromOn: "2024-01-01"},
			"from_on": {Training: "x", Level: 3, FromOn: "soon"}, "until_on": {Training: "x", Level: 3, FromOn: "2024-01-01", UntilOn: "2023-01-01"},
		} {
			if wrong, is := directory.IsInvalid(h.Training.Decide(ctx, lead, bad)); !is || wrong[name] == "" {
				t.Errorf("%s: %v", name, wrong)
			}
		}
		if err := h.Training.Decide(ctx, lead, line); err != nil {
			t.Fatal(err)
		}
		list, err := h.Training.Equivalents(ctx, officer)
		if err != nil || len(list) != 1 || list[0].Level != training.Assesses {
			t.Fatal(list, err)
		}
		if theirs, err := h.Training.Equivalents(ctx, stranger); err != nil || len(theirs) != 0 {
			t.Errorf("another agency reads %v (%v)", theirs, err)
		}
		if err := h.Training.Revoke(ctx, stranger, list[0].ID); err == nil {
			t.Error("another agency took it out")
		}
		for _, on := range []string{"2023-12-31", "2026-01-01", "yesterday"} {
			if _, is := directory.IsInvalid(h.Training.RecordEquivalent(ctx, lead, officer.Account, list[0].ID, on, "")); !is {
				t.Errorf("counted for %s", on)
			}
		}
		if err := h.Training.RecordEquivalent(ctx, lead, officer.Account, list[0].ID, "2025-03-03", ""); err != nil {
			t.Fatal(err)
		}
		if got := h.Actor(officer.Account).Level; got != int(training.Assesses) {
			t.Errorf("the officer is at level %d", got)
		}
		// What was recorded stays when the table changes.
		if err := h.Training.Revoke(ctx, lead, list[0].ID); err != nil {
			t.Fatal(err)
		}
		if got := h.Actor(officer.Account).Level; got != int(training.Assesses) {
			t.Errorf("after the table changed the officer is at level %d", got)
		}
		if _, is := directory.IsInvalid(h.Training.RecordEquivalent(ctx, lead, officer.Account, list[0].ID, "2025-03-03", "")); !is {
			t.Error("counted by a line that was taken out")
		}
	})
}
