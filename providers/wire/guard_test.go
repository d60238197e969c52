package wire_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"pult/domain/carrier"
	"pult/providers/wire"
)

// newRebindingResolver is a name server that gives every name an address of this machine, like one that was made to
// lead a program inside.
func newRebindingResolver(t *testing.T) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		for buf := make([]byte, 1500); ; {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			if answer, err := answerQuery(buf[:n]); err == nil {
				_, _ = conn.WriteTo(answer, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func answerQuery(query []byte) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(query); err != nil {
		return nil, err
	}
	m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
	for _, q := range m.Questions {
		if q.Type == dnsmessage.TypeA {
			m.Answers = append(m.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 0},
				Body:   &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}},
			})
		}
	}
	return m.Pack()
}

func newInsideServer(t *testing.T) (address string, reached *atomic.Int32) {
	t.Helper()
	reached = &atomic.Int32{}
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	t.Cleanup(s.Close)
	return s.URL, reached
}

func TestGuard_NameThatLeadsInsideIsNotConnectedTo(t *testing.T) {
	address, reached := newInsideServer(t)
	_, port, _ := strings.Cut(strings.TrimPrefix(address, "http://"), ":")
	g := wire.Guard{Resolver: newRebindingResolver(t)}
	for _, host := range []string{"vendor.example.", "localhost.vendor.example."} {
		typed := "http://" + host + ":" + port
		_, err := g.Client(typed).Get(typed)
		if !errors.Is(err, carrier.ErrInternal) || reached.Load() != 0 {
			t.Errorf("%s: got %v, server reached %d times; want a refusal", host, err, reached.Load())
		}
	}
	for _, private := range []bool{false, true} {
		conn, err := wire.Guard{Private: private, Resolver: g.Resolver}.DialTyped(t.Context(), "tcp", "mail.example.:"+port)
		if !errors.Is(err, carrier.ErrInternal) {
			t.Errorf("DialTyped, private %v: got %v, %v, want a refusal", private, conn, err)
		}
	}
}

func TestGuard_ThisMachineTypedPlainlyIsReached(t *testing.T) {
	address, reached := newInsideServer(t)
	res, err := wire.Guard{}.Client(address).Get(address)
	if err != nil || reached.Load() != 1 {
		t.Fatalf("got %v, reached %d times, want once", err, reached.Load())
	}
	res.Body.Close()
	// A vendor that was named otherwise cannot send us here by a redirect.
	if _, err := (wire.Guard{}).Client("https://vendor.example").Get(address); !errors.Is(err, carrier.ErrInternal) {
		t.Errorf("client of another server: got %v, want a refusal", err)
	}
}

func TestPublic_Ranges(t *testing.T) {
	for address, want := range map[string]bool{
		"93.184.216.34": true, "2606:2800:220:1::1": true,
		"127.0.0.1": false, "10.0.0.1": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false,
		"0.0.0.0": false, "224.0.0.1": false, "255.255.255.255": false, "::1": false, "::": false, "fe80::1": false, "fd00::1": false,
		"64:ff9b::7f00:1": false, "2002:7f00:1::": false, "2001:0:7f00:1::": false,
	} {
		if got := wire.IsPublic(netip.MustParseAddr(address).Unmap()); got != want {
			t.Errorf("%s: got %v, want %v", address, got, want)
		}
	}
	if (wire.Guard{}).Private {
		t.Error("the local network is allowed by default")
	}
}
