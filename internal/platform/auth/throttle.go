package auth

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth/authdb"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Ten wrong tries at once, then one every thirty seconds, for each account and
// each network. OWASP's advice for sign-in is to slow down rather than to lock
// out: a lock is a way to keep somebody from their work. For the same reason a
// try that was right is given back: a whole office can share an address. What
// was tried is kept in the database, so that it holds for every instance and
// after a restart.
const (
	triesAtOnce = 10
	tryEvery    = 30 * time.Second
)

// How many names, tried wrongly within an hour, are the trying of one password
// on many names: from one network, and from everywhere together.
const (
	SprayNetwork    = 5
	SprayEverywhere = 40
)

// ActSpray is the entry that says so.
const ActSpray policy.Action = "account.many_names_tried"

// throttle slows down the trying of passwords and codes.
type throttle struct{ db *store.DB }

// try is one that was allowed.
type try struct {
	throttle throttle
	keys     [][]byte
}

var errShut = errors.New("no try is left")

// take uses up a try of every key, or of none: keys are given in the order in
// which they are asked, so that one exhausted network uses up nobody's account.
// first tells, of a refusal, that it is the first since a try was allowed.
func (h throttle) take(ctx context.Context, keys ...string) (t try, ok, first bool, err error) {
	t.throttle = h
	for _, key := range keys {
		t.keys = append(t.keys, h.db.Vault().Keyed("sign-in try", key))
	}
	now := h.db.Clock()().UnixMicro()
	var shut []byte
	err = h.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, key := range t.keys {
			n, err := authdb.New(tx).TakeTry(ctx, authdb.TakeTryParams{
				TryKey: key, Now: now, Step: tryEvery.Microseconds(), Latest: now + (triesAtOnce-1)*tryEvery.Microseconds(),
			})
			if err != nil {
				return err
			}
			if n == 0 {
				shut = key
				return errShut // so that the keys before it are not used up
			}
		}
		return nil
	})
	if !errors.Is(err, errShut) {
		return t, err == nil, false, err
	}
	err = h.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := authdb.New(tx).ShutTry(ctx, shut)
		first = n > 0
		return err
	})
	return try{}, false, first, err
}

// giveBack makes it as if the try had not been.
func (t try) giveBack(ctx context.Context, tx *store.Tx) error {
	for _, key := range t.keys {
		err := authdb.New(tx).GiveBackTry(ctx, authdb.GiveBackTryParams{TryKey: key, Step: tryEvery.Microseconds()})
		if err != nil {
			return err
		}
	}
	return nil
}

// tryKeys are what a try of a password is counted under. A name that no account
// can have is counted by its network alone, with as much done.
func tryKeys(username, address string) []string {
	net := network(address)
	if username == "" {
		return []string{"network:" + net, "no name from:" + net}
	}
	return []string{"network:" + net, "name:" + username}
}

// network is the part of an address that its owner cannot vary: of IPv6 the
// first 64 bits (RFC 4291, section 2.5.4).
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if a = a.Unmap(); a.Is6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

// noteWrong keeps which name was tried wrongly from where, as hashes, and
// records it when the names of an hour become many. What it does is the same
// for a name that is there and for one that is not.
func (s *Service) noteWrong(ctx context.Context, tx *store.Tx, username, address string) error {
	q, vault := authdb.New(tx), s.db.Vault()
	hour := tx.Now().Unix() / int64(time.Hour/time.Second)
	net := vault.Keyed("wrong from", network(address))
	if err := q.DeleteWrongBefore(ctx, hour-1); err != nil {
		return err
	}
	n, err := q.InsertWrong(ctx, authdb.InsertWrongParams{Hour: hour, Network: net, Name: vault.Keyed("wrong name", username)})
	if err != nil {
		return err
	}
	names, err := q.CountWrong(ctx, authdb.CountWrongParams{Hour: hour, Network: net})
	if err != nil || n == 0 {
		return err // a name that was counted already
	}
	reason := ""
	switch {
	case names.Here == SprayNetwork:
		reason = "many names from one network within an hour"
	case names.Everywhere == SprayEverywhere:
		reason = "many names from many networks within an hour"
	default:
		return nil
	}
	e := audit.Of(policy.Actor{Account: audit.Nobody}, ActSpray, audit.Refused)
	e.Reason = reason
	return s.log.Append(tx, e)
}

// sweep forgets what counts no more.
func sweep(ctx context.Context, tx *store.Tx) error {
	q := authdb.New(tx)
	return errors.Join(
		q.DeleteSessionsSeenBefore(ctx, tx.Now().Add(-Longest)),
		q.DeleteCeremoniesBefore(ctx, tx.Now()),
		q.DeleteDraftsBefore(ctx, tx.Now().Add(-DraftLasts)),
		q.DeleteTriesBefore(ctx, tx.Now().UnixMicro()),
		q.DeleteAccessTokensBefore(ctx, tx.Now()),
	)
}
