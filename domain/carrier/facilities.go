package carrier

import (
	"context"
	"net"
	"net/http"
	"time"

	"pult/domain"
)

// Facilities are what the program lends to the drivers of all vendors; each takes what it needs.
type Facilities struct {
	// Client gives the client for the server at an address that an administrator typed; "" is the vendor's own. It
	// goes where the program's guard lets it.
	Client func(address string) *http.Client
	// TypedClient is for addresses that are typed one by one: each may plainly name this machine.
	TypedClient *http.Client
	// Dial connects to a server that was typed, without HTTP.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	Now  func() time.Time

	// Public is where vendors reach the desk; zero = nobody outside can.
	Public domain.Origin
	// Publish puts a file that is about to be sent where a vendor can fetch it for a while, and gives its address
	// below Public.
	Publish func(context.Context, OutgoingMedia) (string, error)

	// KeepToken keeps the refresh token that a vendor gave in exchange for a channel's old one.
	KeepToken func(channel domain.ID, token domain.Secret)
	// Say gives a sentence that a telephone says, by its message key.
	Say func(lang domain.Language, key string) string
}

// Hook is the address at which a vendor calls a channel; "" when nobody outside can reach the desk.
func (f Facilities) Hook(c domain.Channel) string {
	if f.Public.IsZero() {
		return ""
	}
	return f.Public.Join("/hooks/" + c.Key)
}
