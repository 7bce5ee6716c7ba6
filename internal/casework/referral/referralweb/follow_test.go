package referralweb_test

import (
	"testing"

	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/sharing"
)

// What is printed is marked with who printed it and when; a receiver is led from
// what was put right to what is right, and sees that something was withdrawn.
func TestAPacketIsPrintedCorrectedAndWithdrawn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, r := w.sent(t)
		idva := w.as(t, casestest.IDVA)
		packet := idva.Get("/referrals/" + string(r.Share)).OK(t)
		print := packet.Click(t, "Print it").OK(t)
		print.Says(t, "Printed by Fictional idva, 2 March 2026", "He reads all my messages", "Confidential")
		newer, err := w.Sharing.Correct(t.Context(), f, r.Share, sharing.NewCorrection{Wrong: "The name", Items: []sharing.Item{{Kind: sharing.SaidItem, Title: "Said", Text: "He reads none of them"}}})
		must(t, err)
		right := idva.Get("/referrals/"+string(r.Share)).OK(t).Click(t, "Read the correction").OK(t)
		right.Says(t, "He reads none of them", "what was sent before", "Correction of what was sent")
		right.Form(t, "main form").Press("I have received this").SeeOther(t, "").Follow(t).OK(t).Says(t, "Acknowledged by Fictional idva")
		must(t, w.Referrals.Withdraw(t.Context(), f, r.ID, r.Version, "The wrong team"))
		gone := idva.Get("/referrals?box=withdrawn").OK(t)
		gone.Says(t, "The sender withdrew it")
		gone.SaysNot(t, "The wrong team", "He reads")
		idva.Get("/referrals/" + string(r.Share)).NotThere(t)
		idva.Get("/referrals/" + string(newer)).NotThere(t)
	})
}

// What the key contact advised stands where it is sent.
func TestAdviceStandsWhereItIsSent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		id, err := w.Sharing.AskAdvice(t.Context(), f, string(w.Haven.ID), "Must she be asked first?")
		must(t, err)
		must(t, w.Sharing.Advise(t.Context(), w.Actor(t, casestest.KeyContact), id, sharing.SayLess, "Leave out the ward"))
		check := toCheck(t, w.as(t, casestest.Nurse).Get(f.Path()+"/referrals/new").OK(t), w.typed())
		check.Says(t, "Must she be asked first?", "Share less of it", "Fictional keycontact", "Leave out the ward")
	})
}

// A health agency can open its records to the person online: whoever receives there
// is told to hide it, on the page of what was sent and on paper.
// Others are not asked for what they do not have.
func TestAHealthAgencyIsToldToHideWhatItReceives(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r, own := w.took(t)
		toCheck(t, own.Click(t, "Give feedback").OK(t), map[string]string{
			"news": "Support has begun", "protects": "Maya", "harm": "threats at home", "asked": "agrees", "present": "nobody else",
			"informed": "yes", "basis": "public_task", "rationale": "They hear the least",
		}).Form(t, "main form").Press("Send the feedback").SeeOther(t, "")
		list, err := w.Sharing.Waiting(t.Context(), w.Actor(t, casestest.Nurse), "", 10)
		must(t, err)
		if len(list) != 1 {
			t.Fatalf("%d wait", len(list))
		}
		nurse, idva := w.as(t, casestest.Nurse), w.as(t, casestest.IDVA)
		for _, path := range []string{list[0].Path(), list[0].Path() + "/print"} {
			nurse.Get(path).OK(t).Says(t, "Support has begun", "Hide from online access")
		}
		for _, path := range []string{"/referrals/" + string(r.Share), "/referrals/" + string(r.Share) + "/print"} {
			idva.Get(path).OK(t).SaysNot(t, "Hide from online access")
		}
	})
}
