/* What /config says: the answer recorded on 30 August 2026. */
#ifndef KF_FAKESSB_CONFIG_H
#define KF_FAKESSB_CONFIG_H

extern const char kf_fake_config[];

#endif
