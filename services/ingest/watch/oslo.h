/* Oslo's days and clock. Pure: no clock of the machine, no time zone database.
 *
 * A day is its number since 1970-01-01 of the Gregorian calendar. Summer time is the European
 * Union's rule (two hours ahead of UTC from the last Sunday of March to that of October, from and
 * to 01.00 UTC; one hour otherwise), as it has been since 1996. Holidays are Norway's: 1 January,
 * Maundy Thursday to Easter Monday, 1 May, 17 May, Ascension Day, Whit Monday, 25 and 26 December.
 */
#ifndef KF_INGEST_OSLO_H
#define KF_INGEST_OSLO_H

#include <stdbool.h>
#include <stdint.h>

/* The number of a day. `month` from 1, `day` from 1. */
int64_t kf_oslo_day(int year, int month, int day);

/* The year of a day. */
int kf_oslo_year(int64_t day);

/* Easter Sunday of a year from 1583 on. */
int64_t kf_oslo_easter(int year);

/* Neither Saturday, Sunday nor a holiday. */
bool kf_oslo_is_working_day(int64_t day);

/* The day itself when it is a working day, else the next one. */
int64_t kf_oslo_working_day_from(int64_t day);

/* When Oslo's clock shows `minute` (of the day, 0 to 1439) on `day`: milliseconds since 1970 (UTC).
 * The hour that is left out in March is read as summer time; of the hour that is twice in October
 * it is the second. */
int64_t kf_oslo_at_ms(int64_t day, int minute);

/* The day that Oslo's calendar shows at `wall_ms`. */
int64_t kf_oslo_day_at(int64_t wall_ms);

#define KF_OSLO_TEXT_SIZE 17

/* Writes what Oslo's calendar and clock show: 2026-03-16 08.00. Its first ten characters are the
 * day. */
void kf_oslo_print(int64_t wall_ms, char text[KF_OSLO_TEXT_SIZE]);

#endif
