package mail

import (
	"net"
	"sync"
)

// servedListener notices when somebody begins to take connections from it.
type servedListener struct {
	net.Listener
	once    sync.Once
	serving chan struct{} // closed then
}

func (l *servedListener) Accept() (net.Conn, error) {
	l.once.Do(func() { close(l.serving) })
	return l.Listener.Accept()
}
