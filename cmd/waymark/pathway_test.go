package main

import (
	"context"
	"errors"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/pathway"
	"waymark/internal/platform/store"
)

// answerAStep declines the first step that a case calls for and nothing shows to
// be done.
func (w *waymark) answerAStep(ctx context.Context, f *cases.File, why string) error {
	reply := pathway.Reply{State: pathway.Declined, Words: why}
	err := w.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		courses, err := w.pathways.On(ctx, tx, f)
		for _, c := range courses {
			for _, st := range c.Steps {
				if !st.Recorded && reply.Step == "" {
					reply.Pathway, reply.Step, reply.After = c.Version.Document.ID, st.Step.ID, st.Answer.ID
				}
			}
		}
		return err
	})
	if err == nil && reply.Step == "" {
		err = errors.New("the case calls for nothing")
	}
	if err != nil {
		return err
	}
	return w.pathways.Answer(ctx, f, reply)
}
