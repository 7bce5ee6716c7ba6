package demo

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"slices"

	"waymark/internal/casework/attachments"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/rights"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// asked are the cases that show what a person may ask of an agency: a copy in
// preparation and one that was given, a correction that waits, a legal hold, a
// document, a case that was destroyed when its time had come, and one that is
// kept longer.
func (c *county) asked() {
	c.copies()
	c.destroyed()
	c.kept()
}

// confirmedAs records a request of the person, and that they confirmed it.
func (c *county) confirmedAs(ctx context.Context, f *cases.File, kind cases.RequestKind, words string) (string, error) {
	err := c.Cases.Receive(ctx, f, cases.NewRequest{Kind: kind, Came: cases.FaceToFace, Words: words, Present: "Nobody else"})
	if err != nil {
		return "", err
	}
	var newest cases.Request
	err = c.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		list, err := c.Cases.Requests(ctx, tx, f)
		if err == nil && len(list) == 0 {
			err = errors.New("the request is not there")
		}
		if err == nil {
			newest = list[0]
		}
		return err
	})
	if err != nil {
		return "", err
	}
	return newest.ID, c.Cases.Confirm(ctx, f, newest.ID, cases.Confirmation{Version: newest.Version, Theirs: true, How: cases.FaceToFace, Words: "Yes, I want that myself.", Alone: true})
}

// copies are two cases in which the person asked for a copy, one at the hospital
// and one at the advocacy service.
func (c *county) copies() {
	c.copiesOf(rightsCast{
		who: "amira.nurse", second: "bea.midwife", manager: "nia.manager", person: people.Details{
			GivenName: "Verity", FamilyName: "Chisholm", Born: "1993-05-21", Gender: "woman", Language: "English",
		},
	})
	c.copiesOf(rightsCast{
		who: "lena.idva", second: "rosa.idva", manager: "carl.manager", again: true, person: people.Details{
			GivenName: "Imogen", FamilyName: "Farrow", Born: "1984-12-09", Gender: "woman", Language: "English",
		},
	})
}

// rightsCast are the people of a case of copies.
type rightsCast struct {
	who, second, manager string
	person               people.Details
	again                bool // a third request is confirmed and waits to be begun
}

func (c *county) copiesOf(r rightsCast) {
	var id cases.ID
	work := func(days, hour int, who string, do func(context.Context, *cases.File) error) {
		c.plan(before(days, hour, 25), func(ctx context.Context) error { return c.visit(ctx, who, id, do) })
	}
	c.plan(before(70, 9, 35), func(ctx context.Context) error {
		return c.sitting(ctx, r.who, func(ctx context.Context, actor policy.Actor) error {
			c.taken[r.person.GivenName+" "+r.person.FamilyName] = true
			f, err := c.Cases.Begin(ctx, actor, cases.NewFile{Person: r.person, Kind: cases.Full, Origin: cases.OwnContact, Team: c.team(r.who)})
			if err != nil {
				return err
			}
			id = f.ID()
			if err := c.party(ctx, f, cases.Perpetrator, "Former partner", people.Details{GivenName: "Gareth", FamilyName: "Pike"}); err != nil {
				return err
			}
			return c.safeContact(ctx, f, people.ContactForm{Ways: []people.Way{
				{Channel: people.Mobile, Allowed: people.OnlyIf, Detail: "07700 900611", Conditions: "In the morning, as “the office”"},
			}, NeverSpeak: "Her former partner"})
		})
	})
	work(66, 10, r.who, func(ctx context.Context, f *cases.File) error {
		if err := c.note(ctx, f, c.today(), false, "She says that Gareth came to the flat at night. His sister Gwen let him in."); err != nil {
			return err
		}
		return c.note(ctx, f, "2026-03", true, "Went to live with her aunt after Easter.")
	})
	work(60, 11, r.who, func(ctx context.Context, f *cases.File) error {
		_, err := c.Attachments.Add(ctx, f, attachments.NewAttachment{Name: "IMG_0411.jpg", About: "Photograph of the broken door of the flat", Body: photograph()})
		return err
	})
	// A first copy was given, and a second one is being prepared.
	var first rights.ID
	work(40, 10, r.who, func(ctx context.Context, f *cases.File) (err error) {
		first, err = c.prepare(ctx, f)
		return err
	})
	work(38, 15, r.second, func(ctx context.Context, f *cases.File) error {
		a, err := c.access(ctx, f, first)
		if err != nil {
			return err
		}
		return c.Rights.Release(ctx, f, first, a.Version, rights.ReadHere)
	})
	work(9, 10, r.who, func(ctx context.Context, f *cases.File) error {
		request, err := c.confirmedAs(ctx, f, cases.RecordAccess, "She wants to read it again before the hearing.")
		if err != nil {
			return err
		}
		next, err := c.Rights.Begin(ctx, f, request)
		if err != nil {
			return err
		}
		err = c.Rights.Held(ctx, f, next, rights.Talk{Version: 1, Pressed: rights.No, Holding: rights.Yes, SeenBy: "Her solicitor", Words: "She keeps it at her aunt's."})
		if err != nil {
			return err
		}
		if _, err = c.Rights.Collect(ctx, f, next, 2); err != nil {
			return err
		}
		return c.Rights.StopClock(ctx, f, next, rights.Stop{
			Version: 3, Kind: rights.Clarification, Since: c.today(), Why: "She was asked which months she means: the record holds six years.",
		})
	})
	work(8, 9, r.who, func(ctx context.Context, f *cases.File) error {
		request, err := c.confirmedAs(ctx, f, cases.Rectification, "It was her cousin's house and not her aunt's.")
		if err != nil {
			return err
		}
		var ref string
		err = c.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
			notes, err := c.Cases.Latest(ctx, tx, f, cases.Note, 1)
			if err == nil && len(notes) == 1 {
				ref = string(notes[0].ID)
			}
			return err
		})
		if err != nil {
			return err
		}
		err = c.Rights.Ask(ctx, f, rights.NewCorrection{
			Request: request, Kind: rights.Rectify, Part: cases.PartChronology, Ref: ref, Asked: "It was her cousin's house and not her aunt's.",
		})
		if err != nil || !r.again {
			return err
		}
		_, err = c.confirmedAs(ctx, f, cases.RecordAccess, "She asks for one more copy, for the housing panel.")
		return err
	})
	work(5, 14, r.manager, func(ctx context.Context, f *cases.File) error {
		return c.Rights.SetHold(ctx, f, rights.Proceedings, "The family court asked for the notes to be kept (fictional).")
	})
}

func (c *county) access(ctx context.Context, f *cases.File, id rights.ID) (a rights.Access, err error) {
	err = c.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		a, err = c.Rights.Get(ctx, tx, f, id)
		return err
	})
	return a, err
}

// prepare makes a whole copy: what is about others is left out.
func (c *county) prepare(ctx context.Context, f *cases.File) (rights.ID, error) {
	request, err := c.confirmedAs(ctx, f, cases.RecordAccess, "She wants to know what is written about her.")
	if err != nil {
		return "", err
	}
	id, err := c.Rights.Begin(ctx, f, request)
	if err != nil {
		return "", err
	}
	err = c.Rights.Held(ctx, f, id, rights.Talk{Version: 1, Pressed: rights.No, Holding: rights.NotKnown, SeenBy: "Nobody", Words: "She would rather read it here."})
	if err != nil {
		return "", err
	}
	if _, err := c.Rights.Collect(ctx, f, id, 2); err != nil {
		return "", err
	}
	var items []rights.Item
	err = c.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		items, err = c.Rights.Items(ctx, tx, f, id)
		return err
	})
	if err != nil {
		return "", err
	}
	version := int64(3)
	for _, i := range items {
		if i.Decision != rights.Undecided {
			continue
		}
		choice := rights.Choice{Decision: rights.Withhold, Reason: rights.AboutOther, Note: "It is about him and not about her."}
		if i.Finds("his sister Gwen") {
			choice = rights.Choice{Decision: rights.GivePart, Reason: rights.AboutOther, Note: "His sister was not asked.", Cuts: []string{"His sister Gwen let him in."}}
		}
		if err := c.Rights.Decide(ctx, f, id, version, i.Seq, choice); err != nil {
			return "", err
		}
		version++
	}
	return id, c.Rights.Submit(ctx, f, id, version)
}

// destroyed is a case that held an enquiry and nothing else, long closed.
func (c *county) destroyed() {
	c.plan(before(200, 8, 30), func(ctx context.Context) error {
		return c.sitting(ctx, "greta.contact", func(ctx context.Context, actor policy.Actor) error {
			const rests = "Records policy of the trust, 2025 (fictional)"
			if err := c.Rights.SetSchedule(ctx, actor, rights.AskedOnly, 3, rests); err != nil {
				return err
			}
			return c.Rights.SetSchedule(ctx, actor, rights.Harmed, 96, rests)
		})
	})
	var id cases.ID
	c.plan(before(199, 9, 50), func(ctx context.Context) error {
		return c.sitting(ctx, "amira.nurse", func(ctx context.Context, actor policy.Actor) error {
			f, err := c.Cases.Begin(ctx, actor, cases.NewFile{
				Person: people.Details{GivenName: "Prudence", FamilyName: "Oakes", Born: "1990"}, Kind: cases.Light, Origin: cases.OwnContact, Team: c.team("amira.nurse"),
			})
			if err != nil {
				return err
			}
			id = f.ID()
			return c.Cases.CloseCase(ctx, f, f.Version(), "Asked, and there is no work to do.")
		})
	})
	c.plan(before(60, 10, 15), func(ctx context.Context) error {
		return c.visit(ctx, "nia.manager", id, func(ctx context.Context, f *cases.File) error {
			return c.Rights.Review(ctx, f, rights.NewReview{Verdict: rights.ToDestroy, Why: "Nothing came of it, and nobody asked for it."})
		})
	})
	c.plan(before(59, 10, 15), func(ctx context.Context) error {
		return c.visit(ctx, "amira.nurse", id, func(ctx context.Context, f *cases.File) error {
			var k rights.Keeping
			err := c.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
				k, err = c.Rights.Keeping(ctx, tx, f)
				return err
			})
			if err != nil {
				return err
			}
			if k.Review == nil {
				return errors.New("nobody has reviewed it")
			}
			return c.Rights.Destroy(ctx, f, k.Review.ID)
		})
	})
}

// kept is a case like that, whose period has passed and which a manager keeps
// some time longer.
func (c *county) kept() {
	var id cases.ID
	c.plan(before(150, 16, 40), func(ctx context.Context) error {
		return c.sitting(ctx, "amira.nurse", func(ctx context.Context, actor policy.Actor) error {
			rows, err := c.Cases.Caseload(ctx, actor, cases.Mine, nil, 200)
			if err != nil {
				return err
			}
			for _, r := range slices.Backward(rows) { // the one left alone longest
				if r.Kind == cases.Light {
					id = r.ID
					break
				}
			}
			f, err := c.Cases.Open(ctx, actor, id, cases.Care)
			if err != nil {
				return err
			}
			return c.Cases.CloseCase(ctx, f, f.Version(), "Asked, nothing was said, and she has moved to another hospital.")
		})
	})
	c.plan(before(20, 10, 25), func(ctx context.Context) error {
		return c.visit(ctx, "nia.manager", id, func(ctx context.Context, f *cases.File) error {
			return c.Rights.Review(ctx, f, rights.NewReview{
				Verdict: rights.KeepLonger, KeepUntil: c.Clock.Now().AddDate(0, 3, 0).Format(dateOnly), Why: "The new hospital has asked whether there is anything to hand over.",
			})
		})
	})
}

// photograph is a made-up picture: a door, as a child would draw it.
func photograph() []byte {
	const w, h = 320, 240
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			at := color.RGBA{R: 214, G: 208, B: 196, A: 255}
			switch {
			case x > 120 && x < 124+y/8 && y > 60 && y < 200:
				at = color.RGBA{R: 60, G: 40, B: 30, A: 255} // the crack
			case x > 100 && x < 220 && y > 30 && y < 230:
				at = color.RGBA{R: 139, G: 94, B: 60, A: 255}
			}
			img.SetRGBA(x, y, at)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		return nil // a buffer takes everything
	}
	return b.Bytes()
}
