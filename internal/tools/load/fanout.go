package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// openStreams is how many pages are open at a time in the fan-out measurement.
const openStreams = 1000

// broadcasts is how many messages are told to all of them.
const broadcasts = 20

var fanOutID = regexp.MustCompile(`live wamid\.fan\.(\d+)`)

// measureFanOut opens a thousand pages and measures when each of them learns of a message, from the posting of its
// webhook.
func (r *rig) measureFanOut(ctx context.Context, f *figures, _ int) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	before := memoryOf("VmRSS")
	var (
		mu     sync.Mutex
		posted [broadcasts]time.Time
		took   []time.Duration
		heard  = make(chan struct{}, openStreams*broadcasts)
		pages  sync.WaitGroup
	)
	after := r.desk.Connections.LastEventNumber(ctx)
	for range openStreams {
		body, err := r.openStream(ctx, after)
		if err != nil {
			return err
		}
		pages.Go(func() {
			defer body.Body.Close()
			for lines := bufio.NewReader(body.Body); ; {
				line, err := lines.ReadString('\n')
				if m := fanOutID.FindStringSubmatch(line); m != nil {
					i, _ := strconv.Atoi(m[1])
					mu.Lock()
					took = append(took, time.Since(posted[i]))
					mu.Unlock()
					heard <- struct{}{}
				}
				if err != nil {
					return
				}
			}
		})
	}
	grown := memoryOf("VmRSS") - before
	for i := range broadcasts {
		mu.Lock()
		posted[i] = time.Now()
		mu.Unlock()
		if err := r.postWebhook(fmt.Sprintf("wamid.fan.%d", i)); err != nil {
			return err
		}
		deadline := time.After(20 * time.Second)
		for range openStreams {
			select {
			case <-heard:
			case <-deadline:
				return fmt.Errorf("a page did not learn of message %d", i)
			}
		}
	}
	cancel()
	pages.Wait()
	f.set(fmt.Sprintf("webhook to %d open pages", openStreams), percentiles(took))
	f.set("an open page, both ends of the connection", fmt.Sprintf("%d kB", grown/openStreams))
	return nil
}

func (r *rig) openStream(ctx context.Context, after uint64) (*http.Response, error) {
	req, err := http.NewRequestWithContext(
		ctx,
		http.MethodGet,
		fmt.Sprintf("%s/live?page=chats&after=%d", r.base, after),
		nil,
	)
	if err != nil {
		return nil, err
	}
	return r.client.Do(req)
}
