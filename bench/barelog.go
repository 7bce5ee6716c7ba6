package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
)

// bareLog is the least that can make records durable for many clients: what
// waits is written with one write and one fdatasync, into a file whose blocks
// are there already. When the file is full it begins again from its front.
type bareLog struct {
	file     *os.File
	body     []byte
	slot     int64 // bytes of a record: its number and the body
	slots    int64
	next     int64 // number of the next record
	acked    atomic.Int64
	requests chan chan error
	ended    chan struct{}
}

const (
	bareSlots = 1 << 16
	bareBatch = 128 // as many as the store lets share a commit
	numberLen = 8
)

func newBareLog(path string, body []byte) (*bareLog, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	l := &bareLog{
		file: file, body: body, slot: int64(numberLen + len(body)), slots: bareSlots, next: 1,
		requests: make(chan chan error, bareBatch), ended: make(chan struct{}),
	}
	// Written, not only reserved: the first write to a block that was reserved
	// costs more than the next.
	_, err = file.Write(make([]byte, l.slot*l.slots))
	if err := errors.Join(err, file.Sync()); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	go l.loop()
	return l, nil
}

func (l *bareLog) close() {
	close(l.requests)
	<-l.ended
	_ = l.file.Close()
	_ = os.Remove(l.file.Name())
}

func (l *bareLog) loop() {
	defer close(l.ended)
	for first := range l.requests {
		batch := []chan error{first}
		for more := true; more && len(batch) < bareBatch; {
			select {
			case r, ok := <-l.requests:
				if more = ok; ok {
					batch = append(batch, r)
				}
			default:
				more = false
			}
		}
		err := l.write(int64(len(batch)))
		for _, r := range batch {
			r <- err
		}
	}
}

// write writes the next records and waits for the disk.
func (l *bareLog) write(n int64) error {
	var b bytes.Buffer
	place := l.next % l.slots
	for range n {
		if l.next%l.slots == 0 { // the front again
			if err := l.flush(&b, place); err != nil {
				return err
			}
			place = 0
		}
		b.Write(l.record(l.next))
		l.next++
	}
	if err := l.flush(&b, place); err != nil {
		return err
	}
	return fdatasync(l.file)
}

// record is the bytes of a record.
func (l *bareLog) record(n int64) []byte {
	var b bytes.Buffer
	_ = binary.Write(&b, binary.BigEndian, n) // a buffer takes everything
	b.Write(l.body)
	return b.Bytes()
}

func (l *bareLog) flush(b *bytes.Buffer, place int64) error {
	_, err := l.file.WriteAt(b.Bytes(), place*l.slot)
	b.Reset()
	return err
}

// append appends a record and returns when it is on the disk.
func (l *bareLog) append() error {
	done := make(chan error, 1)
	l.requests <- done
	return <-done
}

// check reads back the last records, as many as the file holds of them.
func (l *bareLog) check(acked int64) error {
	if l.next-1 != acked {
		return fmt.Errorf("%d records were acknowledged and %d written", acked, l.next-1)
	}
	whole := make([]byte, l.slot*l.slots)
	if _, err := l.file.ReadAt(whole, 0); err != nil {
		return err
	}
	for n := max(1, l.next-l.slots); n < l.next; n++ {
		if !bytes.Equal(whole[n%l.slots*l.slot:][:l.slot], l.record(n)) {
			return fmt.Errorf("record %d of the bare log is not what was written", n)
		}
	}
	return nil
}

// appending has clients append, and finds each acknowledged record again.
func (l *bareLog) appending(ctx context.Context, o options) (float64, error) {
	rate, err := busy(ctx, appenders, o.length, func(int) error {
		err := l.append()
		if err == nil {
			l.acked.Add(1)
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	return rate, errors.Join(l.check(l.acked.Load()), ctx.Err())
}
