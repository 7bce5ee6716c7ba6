package interchangeweb_test

import (
	"net"
	"testing"
)

// listening takes an address again that a server had before.
type listening struct{ cfg net.ListenConfig }

func (l *listening) again(t *testing.T, address string) (net.Listener, error) {
	t.Helper()
	return l.cfg.Listen(t.Context(), "tcp", address)
}
