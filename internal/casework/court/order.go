package court

import (
	"context"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/court/courtdb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

// OrderID names an order.
type OrderID string

// OrderWords are what is said of an order.
type OrderWords struct {
	Conditions string `json:"conditions,omitempty"`
	By         string `json:"by,omitempty"` // which court, or who set the conditions
	Note       string `json:"note,omitempty"`
}

// Order is an order of a court, or a set of conditions.
type Order struct {
	ID         OrderID
	Kind       string // a code of [Kinds]
	State      OrderState
	MadeOn     string
	ServedOn   string // empty: not served, as far as is known
	ExpiresOn  string // empty: no end, or not known
	Words      OrderWords
	RecordedAt time.Time
	RecordedBy string
	Version    int64
	task       string
}

const orderTable = "court_order"

func (s *Service) checkOrder(o Order, today string) forms.Errors {
	var errs forms.Errors
	if !slices.ContainsFunc(s.kinds, func(k Kind) bool { return k.Code == o.Kind }) {
		errs.Add("kind", "Select what kind of order it is")
	}
	if !slices.Contains(OrderStates(), o.State) {
		errs.Add("state", "Select where it stands")
	}
	if o.State == Made && !validDay(o.MadeOn) {
		errs.Add("made_on", "Enter the day on which it was made")
	}
	for field, on := range map[string]string{"made_on": o.MadeOn, "served_on": o.ServedOn} {
		switch {
		case on == "":
		case !validDay(on):
			errs.Add(field, "Enter a real day, or leave it empty")
		case on > today:
			errs.Add(field, "Enter a day that has been")
		}
	}
	if o.ExpiresOn != "" && !validDay(o.ExpiresOn) {
		errs.Add("expires_on", "Enter a real day, or leave it empty")
	}
	if o.ServedOn != "" && o.MadeOn != "" && o.ServedOn < o.MadeOn {
		errs.Add("served_on", "It cannot be served before it is made")
	}
	if o.State == Made && o.Words.Conditions == "" {
		errs.Add("conditions", "Write what it forbids or asks, as far as you know it")
	}
	if o.State == Ended && o.Words.Note == "" {
		errs.Add("note", "Write why it ended, and what protects the person now")
	}
	tooLong(&errs, textMax, map[string]string{"conditions": o.Words.Conditions, "note": o.Words.Note})
	tooLong(&errs, lineMax, map[string]string{"by": o.Words.By})
	return errs
}

// Record records an order or conditions.
func (s *Service) Record(ctx context.Context, f *cases.File, o Order) (OrderID, error) {
	if errs := s.checkOrder(o, s.Today()); errs.Any() {
		return "", errs
	}
	var id string
	err := s.cases.Do(ctx, f, ActCourt, func(ctx context.Context, tx *store.Tx) (err error) {
		if id, err = tx.NewID(); err != nil {
			return err
		}
		if o.State == Made {
			if o.task, err = s.remind(ctx, tx, f, cases.OrderEnds, "", o.ExpiresOn, s.cfg.OrderDays); err != nil {
				return err
			}
		}
		words, err := seal(ctx, tx, f, orderTable, id, o.Words)
		if err != nil {
			return err
		}
		err = courtdb.New(tx).InsertOrder(ctx, courtdb.InsertOrderParams{
			AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), Kind: o.Kind, State: string(o.State), MadeOn: o.MadeOn, ServedOn: o.ServedOn,
			ExpiresOn: o.ExpiresOn, TaskID: o.task, Words: words, RecordedAt: tx.Now(), RecordedBy: f.Actor().Account,
		})
		if err != nil {
			return err
		}
		if err := s.cases.Promote(ctx, tx, f); err != nil {
			return err
		}
		if err := s.record(ctx, tx, f, cases.OrderRecorded, o.MadeOn, id, s.KindLabel(o.Kind), o.State.Label(), o.Words.Conditions); err != nil {
			return err
		}
		return s.served(ctx, tx, f, Order{}, o, id)
	})
	return OrderID(id), err
}

// served writes into the chronology that an order was served, once.
func (s *Service) served(ctx context.Context, tx *store.Tx, f *cases.File, was, o Order, id string) error {
	if o.ServedOn == "" || o.ServedOn == was.ServedOn {
		return nil
	}
	return s.record(ctx, tx, f, cases.OrderServed, o.ServedOn, id, s.KindLabel(o.Kind))
}

// ChangeOrder records where an order stands. It returns [store.ErrConflict] when
// somebody else changed it since it was read.
func (s *Service) ChangeOrder(ctx context.Context, f *cases.File, o Order) error {
	return s.cases.Do(ctx, f, ActCourt, func(ctx context.Context, tx *store.Tx) error {
		was, err := s.order(ctx, tx, f, o.ID)
		if err != nil {
			return err
		}
		o.Kind = was.Kind
		if errs := s.checkOrder(o, s.today(tx)); errs.Any() {
			return errs
		}
		ends := ""
		if o.State == Made {
			ends = o.ExpiresOn
		}
		if o.task, err = s.remind(ctx, tx, f, cases.OrderEnds, was.task, ends, s.cfg.OrderDays); err != nil {
			return err
		}
		words, err := seal(ctx, tx, f, orderTable, string(o.ID), o.Words)
		if err != nil {
			return err
		}
		err = store.Changed(courtdb.New(tx).SetOrder(ctx, courtdb.SetOrderParams{
			AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(o.ID), Version: o.Version, State: string(o.State), MadeOn: o.MadeOn, ServedOn: o.ServedOn,
			ExpiresOn: o.ExpiresOn, TaskID: o.task, Words: words,
		}))
		if err != nil {
			return err
		}
		if o.State != was.State || o.ExpiresOn != was.ExpiresOn || o.Words.Conditions != was.Words.Conditions {
			if err := s.record(ctx, tx, f, cases.OrderChanged, "", string(o.ID), s.KindLabel(o.Kind), o.State.Label(), until(o), o.Words.Note); err != nil {
				return err
			}
		}
		return s.served(ctx, tx, f, was, o, string(o.ID))
	})
}

// until says when an order ends, in words.
func until(o Order) string {
	if o.State != Made || o.ExpiresOn == "" {
		return ""
	}
	return "Until " + cases.DayInWords(o.ExpiresOn)
}

// Order is one order of a file.
func (s *Service) Order(ctx context.Context, tx *store.Tx, f *cases.File, id OrderID) (Order, error) {
	if err := show(ctx, f); err != nil {
		return Order{}, err
	}
	return s.order(ctx, tx, f, id)
}

func (s *Service) order(ctx context.Context, tx *store.Tx, f *cases.File, id OrderID) (Order, error) {
	row, err := courtdb.New(tx).OrderByID(ctx, courtdb.OrderByIDParams{AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(id)})
	if err != nil {
		return Order{}, missing(err)
	}
	return orderOf(ctx, tx, row)
}

func orderOf(ctx context.Context, tx *store.Tx, row courtdb.CourtOrder) (Order, error) {
	o := Order{
		ID: OrderID(row.ID), Kind: row.Kind, State: OrderState(row.State), MadeOn: row.MadeOn, ServedOn: row.ServedOn, ExpiresOn: row.ExpiresOn,
		RecordedAt: row.RecordedAt, RecordedBy: row.RecordedBy, Version: row.Version, task: row.TaskID,
	}
	return o, unseal(ctx, tx, row.AgencyID, orderTable, row.ID, row.Words, &o.Words)
}

// Orders are the orders of a file, the newest first.
func (s *Service) Orders(ctx context.Context, tx *store.Tx, f *cases.File) ([]Order, error) {
	if err := show(ctx, f); err != nil {
		return nil, err
	}
	rows, err := courtdb.New(tx).Orders(ctx, courtdb.OrdersParams{AgencyID: f.Agency(), FileID: string(f.ID()), Limit: listMost})
	if err != nil {
		return nil, err
	}
	out := make([]Order, len(rows))
	for i, row := range rows {
		if out[i], err = orderOf(ctx, tx, row); err != nil {
			return nil, err
		}
	}
	return out, nil
}
