package demo

import (
	"context"
	"fmt"
	"time"

	"waymark/internal/casework/appointments"
	"waymark/internal/casework/cases"
	"waymark/internal/platform/policy"
	"waymark/internal/registers/people"
)

// millHouse is where the advocates meet people, and where the waiting room is
// shared.
const millHouse = "Mill House (fictional)"

// meetings are the places of two agencies, and whom a man sees there who harms
// one of those whom the IDVA works with.
func (c *county) meetings() {
	c.plan(before(21, 8, 30), func(ctx context.Context) error {
		return c.keepPlaces(ctx, "carl.manager", []appointments.Place{
			{Name: millHouse, Kind: appointments.Community, Neutral: true, Before: 15, After: 15, Rooms: []appointments.Room{{Name: "Room 1"}, {Name: "Room 2"}}},
			{Name: "Station Road (fictional)", Kind: appointments.Office, Neutral: true, Before: 20, After: 20, Rooms: []appointments.Room{{Name: "Blue room"}}},
		})
	})
	c.plan(before(21, 8, 45), func(ctx context.Context) error {
		return c.keepPlaces(ctx, "nia.manager", []appointments.Place{
			{Name: "Garden clinic (fictional)", Kind: appointments.Clinic, Neutral: true, Before: 15, After: 15, Rooms: []appointments.Room{{Name: "Room 4"}}},
		})
	})
	c.plan(before(18, 10, 0), c.hisCase)
	c.plan(before(3, 9, 30), c.heComes)
}

func (c *county) keepPlaces(ctx context.Context, who string, list []appointments.Place) error {
	return c.sitting(ctx, who, func(ctx context.Context, actor policy.Actor) error {
		for _, p := range list {
			id, err := c.Appointments.AddPlace(ctx, actor, p)
			if err != nil {
				return err
			}
			c.places[p.Name] = id
			for _, room := range p.Rooms {
				if c.places[p.Name+"/"+room.Name], err = c.Appointments.AddRoom(ctx, actor, id, room.Name); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// craig harms Cora Appleyard. He came for help with his tenancy, to the other
// team.
var craig = people.Details{GivenName: "Craig", FamilyName: "Dunmore", Born: "1979-11-02", Language: "English"}

func (c *county) hisCase(ctx context.Context) error {
	return c.sitting(ctx, "uma.outreach", func(ctx context.Context, actor policy.Actor) error {
		f, err := c.Cases.Begin(ctx, actor, cases.NewFile{Person: craig, Kind: cases.Full, Origin: cases.OwnContact, Team: c.team("uma.outreach"), Side: cases.Perpetrating})
		if err == nil {
			c.his = f.ID()
		}
		return err
	})
}

// heComes books him for today, when Cora is booked, and for the day after
// tomorrow. Nothing tells his worker of her.
func (c *county) heComes(ctx context.Context) error {
	return c.visit(ctx, "uma.outreach", c.his, func(ctx context.Context, f *cases.File) error {
		for _, at := range []time.Time{c.local(0, "14:30"), c.local(2, "10:00")} {
			if _, err := c.Appointments.Book(ctx, f, c.at(millHouse, "Room 2", at, "uma.outreach", "The landlord’s letter.")); err != nil {
				return err
			}
		}
		return nil
	})
}

// local is a time on a day counted from the demo's own, in the time of the
// place.
func (c *county) local(days int, clock string) time.Time {
	at, _ := c.Appointments.At(Start.AddDate(0, 0, days).Format(dateOnly), clock)
	return at
}

func (c *county) at(place, room string, at time.Time, who, about string) appointments.Asking {
	return appointments.Asking{
		Worker: c.actors[who].Account, At: at, Minutes: 60, Way: appointments.AtPlace, Place: c.places[place], Room: c.places[place+"/"+room],
		Alone: true, Agreed: true, Words: appointments.Words{About: about},
	}
}

// meets books a week of the IDVA's with one of the busy caseload.
func (c *county) meets(i int, id cases.ID) {
	book := func(days int, a func() appointments.Asking) {
		c.plan(before(days, 16, i), func(ctx context.Context) error {
			return c.visit(ctx, "lena.idva", id, func(ctx context.Context, f *cases.File) error {
				_, err := c.Appointments.Book(ctx, f, a())
				return err
			})
		})
	}
	here := func(days int, clock, about string) func() appointments.Asking {
		return func() appointments.Asking { return c.at(millHouse, "Room 1", c.local(days, clock), "lena.idva", about) }
	}
	call := func(days int, clock string) func() appointments.Asking {
		return func() appointments.Asking {
			a := c.at("", "", c.local(days, clock), "lena.idva", "How the week was.")
			a.Way, a.Minutes, a.Agreed = appointments.Telephone, 30, false
			return a
		}
	}
	switch i {
	case 0:
		book(4, here(0, "11:30", "The locks, and what the council wrote."))
	case 1:
		book(4, call(0, "13:00"))
	case 2:
		c.plan(before(19, 9, 0), func(ctx context.Context) error {
			return c.visit(ctx, "lena.idva", id, func(ctx context.Context, f *cases.File) error {
				return c.party(ctx, f, cases.Perpetrator, "Former partner", craig)
			})
		})
		book(5, here(0, "15:00", "What she wants to say in court."))
	case 3:
		book(4, func() appointments.Asking {
			a := c.at("Station Road (fictional)", "Blue room", c.local(1, "10:00"), "lena.idva", "The plan, looked at again.")
			a.Interpreter, a.OtherLocality = appointments.Professional, true
			a.Words.Ref, a.Words.Agreed, a.Words.Circle = "LL-20613", true, appointments.CircleUnknown
			return a
		})
	case 5:
		book(4, here(3, "09:30", "The bank."))
	case 6:
		c.met(i, id, 4, "10:00", appointments.Attended, "Came early. We wrote to the school together.")
	case 7:
		c.met(i, id, 5, "14:00", appointments.NotCome, "")
	case 9:
		c.met(i, id, 6, "11:00", appointments.LeftEarly, "Her phone rang and she had to go.")
	case 10:
		book(4, call(4, "11:00"))
	case 11: // it was this morning, and nobody has written down yet how it went
		book(4, call(0, "09:00"))
	case 12:
		book(10, here(-3, "16:00", "The children’s school."))
	}
}

// met is an appointment that was, and what became of it.
func (c *county) met(i int, id cases.ID, days int, clock string, state appointments.State, text string) {
	var made appointments.ID
	c.plan(before(days+7, 16, i), func(ctx context.Context) error {
		return c.visit(ctx, "lena.idva", id, func(ctx context.Context, f *cases.File) (err error) {
			made, err = c.Appointments.Book(ctx, f, c.at(millHouse, "Room 1", c.local(-days, clock), "lena.idva", "How things are."))
			return err
		})
	})
	c.plan(before(days, 17, i), func(ctx context.Context) error {
		return c.visit(ctx, "lena.idva", id, func(ctx context.Context, f *cases.File) error {
			if err := c.Appointments.End(ctx, f, made, 1, appointments.Ending{State: state, Text: text}); err != nil {
				return fmt.Errorf("what became of an appointment: %w", err)
			}
			return nil
		})
	})
}
