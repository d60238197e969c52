package heads

import (
	"slices"
	"sync"
)

// Names remember which queues of a sort there are or were. Its zero value knows none. It is safe for many callers.
type Names struct {
	mu    sync.Mutex
	names map[string]bool // guarded by mu
	all   bool            // those that were stored before are among them; guarded by mu
}

// Add adds a name, before anything in its queue can be read.
func (n *Names) Add(name string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.add(name)
}

// AddStored adds the names that were found in the store by one who looked at all of it.
func (n *Names) AddStored(names []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, name := range names {
		n.add(name)
	}
	n.all = true
}

// add is Add with mu held.
func (n *Names) add(name string) {
	if n.names == nil {
		n.names = map[string]bool{}
	}
	n.names[name] = true
}

// List gives the names in order; all is false until AddStored was called.
func (n *Names) List() (names []string, all bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for name := range n.names {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, n.all
}
