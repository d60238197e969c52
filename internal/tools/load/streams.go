package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// crowd is many open streams of one program. It does not know what an event says, only which number it has: an event
// with a greater number than all before is the news that was waited for, whatever program sent it.
type crowd struct {
	streams int
	ready   sync.WaitGroup
	all     sync.WaitGroup
	newest  atomic.Uint64 // greatest number that any stream has heard
	heard   chan hearing
}

type hearing struct {
	stream int
	number uint64
	at     time.Time
}

// streamPlace finds the address of the stream in a page: as it is written since pages share one, and before.
var streamPlace = regexp.MustCompile(`(?:data-stream|hx-sse:connect)="([^"]+)"`)

// newsPlace finds the address from which a page fetches what moved.
var newsPlace = regexp.MustCompile(`data-news="([^"]+)"`)

// addressesIn reads the addresses of stream and news from a page; "" for what it has not.
func addressesIn(page string) (stream, news string) {
	if m := streamPlace.FindStringSubmatch(page); m != nil {
		stream = html.UnescapeString(m[1])
	}
	if m := newsPlace.FindStringSubmatch(page); m != nil {
		news = html.UnescapeString(m[1])
	}
	return stream, news
}

// openCrowd opens n streams, as readers in turn.
func openCrowd(ctx context.Context, p *program, readers []*http.Client, n int) (*crowd, error) {
	page, err := fetchPage(readers[0], p.desk+"/chats")
	if err != nil {
		return nil, err
	}
	address, _ := addressesIn(page)
	if address == "" {
		address = "/live" // the floor's
	}
	c := &crowd{streams: n, heard: make(chan hearing, 16*n)}
	for i := range n {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.desk+address, nil)
		if err != nil {
			return nil, err
		}
		res, err := readers[i%len(readers)].Do(req)
		if err != nil {
			return nil, err
		}
		if res.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("stream %d: %s", i, res.Status)
		}
		c.ready.Add(1)
		c.all.Go(func() { c.follow(i, res.Body) })
	}
	c.ready.Wait()
	return c, nil
}

// follow reads a stream to its end.
func (c *crowd) follow(stream int, body io.ReadCloser) {
	defer body.Close()
	lines := bufio.NewReaderSize(body, 1024)
	known, started := uint64(0), false
	for {
		line, err := lines.ReadSlice('\n')
		if !started {
			started = true
			c.ready.Done()
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return
		}
		text, ok := strings.CutPrefix(string(line), "id: ")
		if !ok {
			continue
		}
		number, err := strconv.ParseUint(strings.TrimSpace(text), 10, 64)
		if err != nil || number <= known {
			continue
		}
		known = number
		at := time.Now()
		for was := c.newest.Load(); number > was && !c.newest.CompareAndSwap(was, number); was = c.newest.Load() {
		}
		select {
		case c.heard <- hearing{stream, number, at}:
		default: // nobody waits
		}
	}
}

// quiet is how long nothing may be said before the next message is posted: what follows from the last one is over.
const quiet = 300 * time.Millisecond

// settle waits until nothing is said any more.
func (c *crowd) settle() {
	for {
		select {
		case <-c.heard:
		case <-time.After(quiet):
			return
		}
	}
}

const newsWithin = 30 * time.Second

var errNotHeard = errors.New("streams did not hear of a message within")

// tell posts a message and gives how long it took each stream to hear of it.
func (c *crowd) tell(post func() error) ([]time.Duration, error) {
	before, posted := c.newest.Load(), time.Now()
	if err := post(); err != nil {
		return nil, err
	}
	took := map[int]time.Duration{}
	for deadline := time.After(newsWithin); len(took) < c.streams; {
		select {
		case h := <-c.heard:
			if _, had := took[h.stream]; !had && h.number > before {
				took[h.stream] = h.at.Sub(posted)
			}
		case <-deadline:
			return nil, fmt.Errorf("%d of %d %w %v", c.streams-len(took), c.streams, errNotHeard, newsWithin)
		}
	}
	var all []time.Duration
	for _, d := range took {
		all = append(all, d)
	}
	slices.Sort(all)
	return all, nil
}

func fetchPage(client *http.Client, address string) (string, error) {
	res, err := client.Get(address)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", address, res.Status)
	}
	return string(body), err
}
